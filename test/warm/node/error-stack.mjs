#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
Error.stackTraceLimit = 100
console.log(new Error('here').stack)
await 1
console.log(new Error('after').stack)
