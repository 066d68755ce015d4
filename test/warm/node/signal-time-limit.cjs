#!/usr/bin/env node
// option: totalTimeout=2500ms
console.log('Content-Type: text/plain\n')
process.on('exit', () => console.error('never'))
setInterval(() => {}, 1000)
