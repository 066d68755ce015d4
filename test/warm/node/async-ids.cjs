#!/usr/bin/env node
// mask: ^1 0 \d+
// accepted: numbers of asynchronous resources go on from those of the built-in modules that were loaded ahead
console.log('Content-Type: text/plain\n')
const hooks = require('async_hooks')
console.log(hooks.executionAsyncId(), hooks.triggerAsyncId(), new hooks.AsyncResource('X').asyncId())
setTimeout(() => console.log(hooks.executionAsyncId() > 1, hooks.triggerAsyncId()), 1)
const store = new hooks.AsyncLocalStorage()
store.run('kept', () => setTimeout(() => console.log(store.getStore()), 60))
