#!/usr/bin/env node
// request: POST
// body: one\ntwo\x00\xe9three
console.log('Content-Type: text/plain\n')
process.stdin.setEncoding('latin1')
let all = ''
process.stdin.on('data', (d) => (all += d)).on('end', () => console.log('end', all.length)).on('close', () => console.log('close'))
