#!/usr/bin/env node
// request: POST
// body: \{200000*abc}
console.log('Content-Type: text/plain\n')
const b = Buffer.alloc(3)
console.log(require('fs').readSync(0, b), b.toString())
