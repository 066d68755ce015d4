#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const { Worker } = require('worker_threads')
new Worker('throw new Error("in a thread")', { eval: true })
