#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const { performance } = require('perf_hooks')
console.log(typeof performance.now(), performance.getEntries().length, performance.timeOrigin < Date.now(), process.uptime() > 0, process.hrtime.bigint() > 0n)
process.memoryUsage(); process.cpuUsage(); process.resourceUsage()
