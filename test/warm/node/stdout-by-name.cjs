#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
require('fs').appendFileSync('/dev/stdout', 'by name\n')
require('fs').appendFileSync('/dev/stderr', 'errors by name\n')
