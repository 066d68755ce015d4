#!/usr/bin/env node
// at: odd name %23.mjs
console.log('Content-Type: text/plain\n')
console.log(import.meta.url, process.argv)
