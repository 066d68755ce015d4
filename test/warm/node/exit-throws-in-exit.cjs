#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.on('exit', () => { throw new Error('at the end') })
