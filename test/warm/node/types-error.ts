#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const x: number = 1
function fail(): never { throw new Error('of types') }
fail()
