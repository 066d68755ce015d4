#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.on('beforeExit', (c) => console.log('beforeExit', c))
process.on('exit', (c) => console.log('exit', c, process.exitCode))
setTimeout(() => console.log('timer'), 5)
console.log('main')
