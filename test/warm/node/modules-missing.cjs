#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
require('not-there')
