#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
setTimeout(() => { throw new Error('later') }, 10)
