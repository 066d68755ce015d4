#!/usr/bin/env -S node --no-warnings --stack-trace-limit=3
console.log('Content-Type: text/plain\n')
console.log(process.execArgv)
process.emitWarning('hidden')
