#!/usr/bin/env node
// request: POST /extra/path?a=b
// header: Content-Type: text/plain
// header: X-Odd: café
// body: one
console.log('Content-Type: text/plain\n')
console.log(JSON.stringify(process.env, null, 1))
