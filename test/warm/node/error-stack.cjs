#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(new Error('here').stack)
console.trace('traced')
function deep(n) { return n === 0 ? new Error('deep').stack : deep(n - 1) }
Error.stackTraceLimit = 100
console.log(deep(3))
