#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
require('fs').unlinkSync(__filename)
throw new Error('gone')
