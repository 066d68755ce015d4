#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.nextTick(() => { throw new Error('next') })
