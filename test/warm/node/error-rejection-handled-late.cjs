#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.on('unhandledRejection', (r) => console.log('unhandled', r.message))
process.on('rejectionHandled', () => console.log('handled'))
const p = Promise.reject(new Error('x'))
setTimeout(() => p.catch(() => console.log('caught')), 20)
