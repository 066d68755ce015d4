#!/usr/bin/env node
// at: esm/main.js
// with: package.json
// with: modules
import { greeting } from './modules/english.mjs'
console.log(greeting, import.meta.url, typeof require)
