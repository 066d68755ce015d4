#!/usr/bin/env node --no-warnings
// warm: never
// ending: any
console.log('Content-Type: text/plain\n')
console.log('never')
