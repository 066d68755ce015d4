#!/usr/bin/env node
// request: POST
// body: abcdef
console.log('Content-Type: text/plain\n')
process.stdin.once('readable', () => { console.log(process.stdin.read(2).toString()); process.stdin.unref(); process.stdin.pause() })
