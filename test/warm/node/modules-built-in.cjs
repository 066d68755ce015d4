#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require('module').builtinModules.join(' '), require('module').isBuiltin('fs'))
for (const name of ['http', 'https', 'zlib', 'crypto', 'readline', 'worker_threads']) console.log(name, Object.keys(require(name)).length)
