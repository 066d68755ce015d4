#!/usr/bin/env node
// option: totalTimeout=2500ms
console.log('Content-Type: text/plain\n')
process.on('SIGTERM', () => {})
setInterval(() => {}, 1000)
