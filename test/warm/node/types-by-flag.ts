#!/usr/bin/env -S node --experimental-strip-types --no-warnings
console.log('Content-Type: text/plain\n')
const x: string = 'flag'
console.log(x, process.execArgv)
