#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require('fs').readFileSync('/proc/self/environ', 'latin1').split('\0').filter((x) => /^(?:PATH|HOME)=/.test(x)).length)
