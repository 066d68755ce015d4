// A fetch function, as `serve` of postern/app takes it.

import { serve } from 'postern/app'
import { hello, piece, pieces } from './answers.mjs'

const binary = { 'content-type': 'application/octet-stream' }

function* download() {
  for (let at = 0; at < pieces; at++) yield piece
}

await serve(
  async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/hello') return new Response(hello, { headers: { 'content-type': 'text/plain' } })
    if (pathname === '/echo') return new Response(await request.arrayBuffer(), { headers: binary })
    if (pathname === '/download') return new Response(ReadableStream.from(download()), { headers: binary })
    return new Response('not found\n', { status: 404 })
  },
  { socketMode: '0666' },
)
