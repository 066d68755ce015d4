#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(process.cwd(), require('fs').readdirSync('.'), process.env.PWD, process.umask().toString(8))
process.chdir('..')
console.log(process.cwd())
