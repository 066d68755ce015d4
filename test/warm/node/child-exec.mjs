#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import { execFile, spawnSync } from 'node:child_process'
console.log(spawnSync('echo', ['sync'], { encoding: 'utf8' }).stdout)
execFile('sh', ['-c', 'echo out; echo err >&2; exit 3'], (e, out, err) => console.log(e.code, out, err))
