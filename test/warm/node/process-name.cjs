#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require('fs').readFileSync('/proc/self/comm', 'latin1'), process.title)
process.title = 'renamed'
console.log(process.title, require('fs').readFileSync('/proc/self/comm', 'latin1'))
