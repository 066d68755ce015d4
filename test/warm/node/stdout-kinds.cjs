#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
for (const s of [process.stdout, process.stderr]) console.log(s.constructor.name, s.fd, s.isTTY, s._type, s.writable, s.writableHighWaterMark, s._handle && s._handle.constructor.name)
console.log(console._stdout === process.stdout, process.stdout.hasColors && process.stdout.hasColors())
