#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
throw new Error('outer', { cause: new RangeError('inner') })
