#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const { Worker, isMainThread, parentPort, workerData, threadId } = require('worker_threads')
if (isMainThread) new Worker(__filename, { workerData: 'data' }).on('message', (m) => console.log(m)).on('exit', (c) => console.log('exit', c, threadId))
else parentPort.postMessage([workerData, threadId, process.execArgv, process.argv.length, Object.keys(require.cache), require.main === module, process.env.REQUEST_METHOD])
