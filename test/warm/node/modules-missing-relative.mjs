#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
await import('./not-there.mjs')
