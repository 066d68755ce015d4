#!/usr/bin/env node
import fs from 'node:fs'
console.log('Content-Type: text/plain\n')
console.log(import.meta.url, typeof fs, await 1)
