#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const registry = new FinalizationRegistry(() => {})
registry.register({}, 1)
console.log(typeof new WeakRef({}).deref(), typeof gc)
