#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import { Worker } from 'node:worker_threads'
new Worker('require("worker_threads").parentPort.postMessage(process.execArgv.concat(require("fs").existsSync("/proc/self/fd/63")))', { eval: true }).on('message', (m) => console.log(m))
