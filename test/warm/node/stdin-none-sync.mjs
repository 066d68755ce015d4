#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import fs from 'node:fs'
console.log(fs.readFileSync(0).length, fs.readFileSync('/dev/stdin').length, fs.fstatSync(0).isCharacterDevice())
