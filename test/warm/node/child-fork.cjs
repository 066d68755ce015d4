#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
if (process.send) { process.send({ argv: process.execArgv, from: process.argv[2] }); process.disconnect() }
else require('child_process').fork(__filename, ['x']).on('message', (m) => console.log(m)).on('exit', (c) => console.log('exit', c))
