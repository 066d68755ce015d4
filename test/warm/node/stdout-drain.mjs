#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
let n = 0
for (let i = 0; i < 20; i++) if (!process.stdout.write('z'.repeat(70000))) n++
console.error(n > 0)
