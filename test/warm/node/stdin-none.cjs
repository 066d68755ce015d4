#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const fs = require('fs')
console.log(fs.readlinkSync('/proc/self/fd/0'), process.stdin.constructor.name, process.stdin.isTTY, process.stdin.fd)
process.stdin.on('data', (d) => console.log('data', d)).on('end', () => console.log('end'))
