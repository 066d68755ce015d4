#!/usr/bin/env node
// mask: \(node:\d+\)
console.log('Content-Type: text/plain\n')
try { require('vm').constants; new (require('vm').SourceTextModule)('1') } catch (e) { console.log(e.message) }
require('util').deprecate(() => {}, 'old', 'DEP_X')()
