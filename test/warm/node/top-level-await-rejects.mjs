#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log('before')
await Promise.reject(new Error('refused'))
