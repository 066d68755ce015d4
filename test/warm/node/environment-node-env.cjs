#!/usr/bin/env node
// env: NODE_ENV=production
// with: node_modules
console.log('Content-Type: text/plain\n')
console.log(process.env.NODE_ENV, require('dep'))
