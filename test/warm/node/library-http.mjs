#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import http from 'node:http'
const server = http.createServer((_, res) => res.end('inner')).listen(0, '127.0.0.1', async () => {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}`)
  console.log(answer.status, await answer.text())
  server.close()
  server.closeAllConnections()
})
