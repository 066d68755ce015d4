#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(require.main === module, module.id, module.filename, module.loaded, module.parent, module.children, module.paths)
console.log(Object.keys(require.cache), Object.keys(require('module')._pathCache).length, this === module.exports, arguments.length)
console.log(Object.getOwnPropertyDescriptor(require('module'), 'runMain').value.name, Object.keys(require('module')).join(' '))
console.log(Object.keys(require.extensions), require.resolve.paths('x'), require('module')._preloadModules.length)
