#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
Promise.reject(17)
setTimeout(() => console.log('never'), 1000)
