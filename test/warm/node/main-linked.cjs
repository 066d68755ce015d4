#!/usr/bin/env node
// with: modules
// at: a/real.cjs
// link: b/linked.cjs
console.log('Content-Type: text/plain\n')
console.log(__filename, process.argv, require.resolve('./modules/english.cjs'))
