#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import('node:os').then(({ EOL }) => console.log(JSON.stringify(EOL)))
