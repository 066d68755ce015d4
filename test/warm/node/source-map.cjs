#!/usr/bin/env -S node --enable-source-maps
console.log('Content-Type: text/plain\n')
console.log(process.execArgv)
throw new Error('x')
