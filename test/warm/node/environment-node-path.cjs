#!/usr/bin/env node
// env: NODE_PATH={folder}/modules
// with: modules
console.log('Content-Type: text/plain\n')
console.log(require('english').greeting, require.resolve('english'), module.paths[0])
