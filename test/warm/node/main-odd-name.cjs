#!/usr/bin/env node
// at: odd name (1).cjs
console.log('Content-Type: text/plain\n')
console.log(__filename, process.argv)
