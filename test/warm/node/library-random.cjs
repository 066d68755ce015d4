#!/usr/bin/env node
// runs: random
console.log('Content-Type: text/plain\n')
console.log(Math.random())
console.log(require('crypto').randomUUID())
console.log(crypto.getRandomValues(new Uint32Array(2)).join())
