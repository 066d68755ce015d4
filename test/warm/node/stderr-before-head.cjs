#!/usr/bin/env node
console.error('early')
console.log('Content-Type: text/plain\n\nlate')
