#!/usr/bin/env node
// with: modules
// with: node_modules
console.log('Content-Type: text/plain\n')
import { greeting } from './modules/english.mjs'
import other from './modules/english.cjs'
import dep from 'dep'
import data from './modules/data.json' with { type: 'json' }
console.log(greeting, other, dep, data)
