#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
require('fs').writeSync(1, Buffer.from([0, 255, 233, 10, 128]))
