#!/usr/bin/env node
// env: NODE_NO_WARNINGS=1
console.log('Content-Type: text/plain\n')
process.emitWarning('hidden')
