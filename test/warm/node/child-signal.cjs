#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
require('child_process').spawn('sleep', ['5']).on('exit', (c, s) => console.log(c, s)).kill()
