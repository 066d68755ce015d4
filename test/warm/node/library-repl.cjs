#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(Object.keys(require('repl')).length > 0, typeof require('repl').start)
