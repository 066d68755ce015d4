#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require('child_process').execSync('ls /proc/self/fd').toString())
