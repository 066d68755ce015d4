#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.error('one\ntwo')
console.warn('three %d', 4)
process.stderr.write('no end')
