#!/usr/bin/env node
// accepted: a backtrace of the native stack has addresses
// strip: ^ *(?:\d+: 0x|-----).*$
console.log('Content-Type: text/plain\n')
require('v8').setFlagsFromString('--no-abort-on-uncaught-exception')
process.abort()
