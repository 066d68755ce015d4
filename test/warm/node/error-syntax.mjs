#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const = 1
