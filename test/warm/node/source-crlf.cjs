#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log('x')
console.log('y')
