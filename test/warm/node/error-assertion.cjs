#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
require('assert').deepStrictEqual({ a: 1 }, { a: 2 })
