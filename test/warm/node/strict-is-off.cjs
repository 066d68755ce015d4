#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
undeclared = 1
console.log(undeclared, (function () { return this === globalThis })())
