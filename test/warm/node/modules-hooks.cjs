#!/usr/bin/env node
// with: modules
console.log('Content-Type: text/plain\n')
const Module = require('module')
const load = Module._load
Module._load = function (request, ...rest) { console.log('load', request); return load.call(this, request, ...rest) }
require('crypto')
require('./modules/english.cjs')
