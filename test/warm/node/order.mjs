#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.nextTick(() => console.log('tick'))
Promise.resolve().then(() => console.log('micro'))
console.log('main')
await null
console.log('after')
