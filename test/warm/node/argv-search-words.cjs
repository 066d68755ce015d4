#!/usr/bin/env node
// request: GET ?one+--two+%2Fthree+%C3%A4+%E9
// option: searchWords=true
console.log('Content-Type: text/plain\n')
console.log(process.argv.slice(1))
