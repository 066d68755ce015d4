#!/usr/bin/env node
// with: modules
// at: a/real.mjs
// link: b/linked.mjs
console.log('Content-Type: text/plain\n')
import { greeting } from './modules/english.mjs'
console.log(import.meta.url, process.argv, greeting)
