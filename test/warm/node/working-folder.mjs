#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import { readFileSync } from 'node:fs'
console.log(process.cwd(), readFileSync('working-folder.mjs').length, new URL('x', import.meta.url).pathname)
