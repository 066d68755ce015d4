#!/usr/bin/env node
// env: NODE_OPTIONS=--no-warnings
// warm: never
console.log('Content-Type: text/plain\n')
console.log(process.execArgv, process.env.NODE_OPTIONS)
process.emitWarning('hidden')
