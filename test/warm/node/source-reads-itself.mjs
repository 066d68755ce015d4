#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
console.log(readFileSync(fileURLToPath(import.meta.url), 'latin1').length)
