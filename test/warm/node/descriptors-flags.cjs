#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const fs = require('fs')
const flags = (fd) => fs.readFileSync('/proc/self/fdinfo/' + fd, 'latin1').match(/flags:\s*(\d+)/)[1]
console.log(flags(1))
console.log(flags(2))
