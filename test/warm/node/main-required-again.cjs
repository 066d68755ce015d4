#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require('./main-required-again.cjs') === module.exports, Object.keys(require.cache).length)
