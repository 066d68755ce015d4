#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.stdout.write('1\n'); require('fs').writeSync(1, '2\n'); process.stdout.write('3\n', () => console.log('4'))
