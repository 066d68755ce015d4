#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require.main === module, typeof require, __filename)
