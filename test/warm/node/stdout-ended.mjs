#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.stdout.end('ended\n')
process.stdout.on('error', (e) => console.error(e.code)).on('finish', () => console.error('finish'))
process.stdout.write('more')
