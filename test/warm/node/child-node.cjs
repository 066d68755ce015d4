#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require('child_process').execFileSync(process.execPath, ['-p', 'process.execArgv.join() + Object.keys(process.env).filter((n) => /NODE|POSTERN/.test(n))']).toString())
