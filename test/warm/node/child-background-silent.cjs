#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
require('child_process').spawn('/bin/sh', ['-c', 'sleep 1'], { stdio: 'ignore', detached: true }).unref()
console.log('front')
