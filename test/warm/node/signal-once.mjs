#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.once('SIGUSR2', () => { console.log('once'); process.exit(5) })
process.kill(process.pid, 'SIGUSR2')
setInterval(() => {}, 1000)
