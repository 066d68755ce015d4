#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
new (require('events'))().emit('error', new Error('unheard'))
