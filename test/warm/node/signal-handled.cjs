#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
process.on('SIGTERM', (name, number) => { console.log('heard', name, number); clearInterval(t) })
const t = setInterval(() => {}, 1000)
process.kill(process.pid, 'SIGTERM')
