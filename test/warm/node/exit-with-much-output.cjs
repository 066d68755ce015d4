#!/usr/bin/env node
// mask: x+
// accepted: how much of it the pipe takes before the end is a matter of time, started afresh too
console.log('Content-Type: text/plain\n')
process.stdout.write('x'.repeat(300000) + '\n')
process.exit(0)
