#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(process.argv, process.execArgv, import.meta.url, import.meta.filename, import.meta.dirname, import.meta.main)
