#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const os = require('node:os') as { EOL: string }
let value: string = os.EOL
console.log(JSON.stringify(value), require.main === module)
