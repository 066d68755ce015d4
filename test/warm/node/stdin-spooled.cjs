#!/usr/bin/env node
// request: POST
// body: \{900000*abc}
// length: unknown
console.log('Content-Type: text/plain\n')
const fs = require('fs')
const stat = fs.fstatSync(0)
console.log(process.stdin.constructor.name, stat.isFile(), stat.size, fs.readlinkSync('/proc/self/fd/0').replace(/[\w-]{8,}/, '_'))
console.log(fs.readFileSync(0).length, fs.readFileSync(0).length)
