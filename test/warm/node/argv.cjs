#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(process.argv, process.argv0, process.execArgv, process.title, __filename, __dirname)
