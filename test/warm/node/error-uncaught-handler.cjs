#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.on('uncaughtException', (e, origin) => console.log('caught', e.message, origin))
setTimeout(() => { throw new Error('x') }, 1)
