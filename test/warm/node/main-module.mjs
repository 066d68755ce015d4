#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import { createRequire } from 'node:module'
import module from 'node:module'
const require = createRequire(import.meta.url)
console.log(require.main, Object.keys(require.cache), process.mainModule, typeof module.runMain, Object.keys(import.meta).join(' '))
console.log(typeof this, typeof require, import.meta.resolve('./x.mjs'))
