#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const fs = require('fs')
const flags = (fd) => fs.readFileSync('/proc/self/fdinfo/' + fd, 'latin1').match(/flags:\s*(\d+)/)[1]
console.log(flags(1))
// docs/guides/warm.md: from Node 26 on, standard error of a process that has waited does not block.
if (Number.parseInt(process.versions.node, 10) < 26) console.log(flags(2))
