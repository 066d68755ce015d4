#!/usr/bin/env node
// request: POST
// body: \{200000*x}
console.log('Content-Type: text/plain\n')
const parts = []
for await (const part of process.stdin) parts.push(part)
console.log(Buffer.concat(parts).length, process.stdin.constructor.name)
