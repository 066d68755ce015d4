#!/usr/bin/env node
// with: modules
// with: node_modules
console.log('Content-Type: text/plain\n')
const { greeting } = require('./modules/english.cjs')
console.log(greeting, module.children.length, require('dep'))
import('./modules/english.mjs').then((m) => console.log(m.greeting))
