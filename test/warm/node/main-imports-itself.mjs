#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const own = await import(import.meta.url)
console.log(Object.keys(own))
export const value = 1
