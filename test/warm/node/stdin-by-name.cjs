#!/usr/bin/env node
// request: POST
// body: one\ntwo\x00\xe9three
console.log('Content-Type: text/plain\n')
console.log(require('fs').readFileSync('/dev/stdin', 'latin1').length)
