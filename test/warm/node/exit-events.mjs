#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
let times = 0
process.on('beforeExit', () => { console.log('beforeExit', times); if (times++ < 2) setImmediate(() => console.log('more')) })
process.on('exit', (c) => { process.exitCode = 9; console.log('exit', c) })
