#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import type { Stats } from 'node:fs'
const size = (stats: Stats): number => stats.size
import { statSync } from 'node:fs'
console.log(size(statSync(import.meta.filename)), import.meta.url)
