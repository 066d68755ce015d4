#!/usr/bin/env node
// request: POST
// body: one\ntwo\x00\xe9three
console.log('Content-Type: text/plain\n')
import { createInterface } from 'node:readline'
for await (const line of createInterface({ input: process.stdin })) console.log('line', line)
