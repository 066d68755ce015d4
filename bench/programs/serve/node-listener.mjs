// A listener of node:http, for everybody who serves one.

import { Readable } from 'node:stream'
import { hello, piece, pieces } from './answers.mjs'

const helloBytes = Buffer.byteLength(hello)

function* download() {
  for (let at = 0; at < pieces; at++) yield piece
}

export function answer(request, response) {
  switch (request.url) {
    case '/hello':
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': helloBytes })
      response.end(hello)
      break
    case '/echo': {
      const parts = []
      request.on('data', (part) => parts.push(part))
      request.on('end', () => {
        const body = Buffer.concat(parts)
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': body.length })
        response.end(body)
      })
      break
    }
    case '/download':
      response.writeHead(200, { 'content-type': 'application/octet-stream' })
      Readable.from(download()).pipe(response)
      break
    default:
      response.writeHead(404).end()
  }
}
