#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
throw { code: 7 }
