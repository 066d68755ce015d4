#!/usr/bin/env node
// request: POST
// body: \{3000*abc}
// length: unknown
console.log('Content-Type: text/plain\n')
process.stdin.resume().on('end', () => console.log('end', process.stdin.bytesRead, process.stdin.constructor.name, process.env.CONTENT_LENGTH))
