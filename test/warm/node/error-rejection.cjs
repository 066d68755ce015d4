#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
Promise.reject(new Error('unhandled'))
setTimeout(() => console.log('never'), 1000)
