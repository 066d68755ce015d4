#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.env.NEW = 'x'
delete process.env.REQUEST_METHOD
process.env.QUERY_STRING = 'other'
console.log(require('child_process').execFileSync('/usr/bin/env').toString().split('\n').sort().join('\n'))
