#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.exit(42)
