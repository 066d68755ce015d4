#!/usr/bin/env node
// request: PUT /x
// body: abc
console.log('Content-Type: text/plain\n')
console.log(process.env.REQUEST_METHOD)
