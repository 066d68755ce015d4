#!/usr/bin/env -S node --import ./modules/preload.cjs
// with: modules
// warm: never
console.log('Content-Type: text/plain\n')
console.log(process.execArgv, globalThis.preloaded)
