#!/usr/bin/env node
// env: FORCE_COLOR=1
console.log('Content-Type: text/plain\n')
console.log(require('util').inspect({ a: 1 }, { colors: process.stdout.isTTY }))
console.log({ a: 1 })
