#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
require('child_process').spawn('/bin/sh', ['-c', 'sleep 0.2; echo behind'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true }).unref()
console.log('front')
