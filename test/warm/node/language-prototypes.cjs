#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(Object.keys(Object.prototype), Object.keys(Array.prototype), Object.keys(Function.prototype), Object.keys(Error), Error.stackTraceLimit, Error.prepareStackTrace)
