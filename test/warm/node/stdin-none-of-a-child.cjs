#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require('child_process').execSync('readlink /proc/self/fd/0; cat | wc -c', { stdio: ['inherit', 'pipe', 'inherit'] }).toString())
