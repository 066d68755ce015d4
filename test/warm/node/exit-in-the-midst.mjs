#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
setInterval(() => {}, 10)
process.stdout.write('part ')
setTimeout(() => process.exit(3), 30)
