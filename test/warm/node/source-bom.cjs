#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log('bom')
