#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require('vm').runInNewContext('typeof process + (1 + 1)'), eval('typeof module'), new Function('return typeof require')())
