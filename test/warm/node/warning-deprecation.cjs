#!/usr/bin/env node
// mask: \(node:\d+\)
console.log('Content-Type: text/plain\n')
new Buffer(1)
require('url').parse('http://a:b')
