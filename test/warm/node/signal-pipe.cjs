#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
require('fs').closeSync(1)
try { console.log('x') } catch (e) { console.error(e.code) }
