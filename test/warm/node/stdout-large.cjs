#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
for (let i = 0; i < 30; i++) process.stdout.write('y'.repeat(10000) + '\n')
console.error('done')
