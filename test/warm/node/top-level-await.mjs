#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import { setTimeout } from 'node:timers/promises'
console.log('before')
await setTimeout(50)
console.log('after', await Promise.resolve(1))
