#!/usr/bin/env node
// request: POST
// body: \{200000*abc}
console.log('Content-Type: text/plain\n')
console.log('not read')
