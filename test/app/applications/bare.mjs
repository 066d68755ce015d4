#!/usr/bin/env node
// The routes that every application of this folder has, as a bare fetch function.

import { serve } from 'postern/app'
import { big, chunks, countBytes, perform, said, selected } from './shared.mjs'

const text = (body, init) =>
  new Response(body, { ...init, headers: { ...init?.headers, 'content-type': 'text/plain' } })

const routes = {
  'GET /hello': ({ request, url }) => text(`${request.method} ${url.pathname} ${url.search}\n`),
  'POST /echo': async ({ request }) => {
    const body = new Uint8Array(await request.arrayBuffer())
    const headers = {
      'content-type': request.headers.get('content-type') ?? 'application/octet-stream',
      'x-length': String(body.length),
    }
    return new Response(body, { headers })
  },
  'GET /headers': ({ context }) => Response.json(selected(context)),
  'GET /cookies': () => {
    const headers = new Headers({ 'content-type': 'text/plain' })
    headers.append('set-cookie', 'one=1; Path=/')
    headers.append('set-cookie', 'two=2; Path=/')
    return new Response('two cookies\n', { headers })
  },
  'GET /redirect': () => new Response(null, { status: 302, headers: { location: '/hello?redirected' } }),
  'GET /status/418': () => text('a teapot\n', { status: 418 }),
  'GET /stream': () => text(ReadableStream.from(chunks())),
  'GET /throw': () => {
    throw new Error('thrown by the handler')
  },
  'POST /upload': async ({ request }) => text(`${await countBytes(request.body ?? [])}\n`),
  'GET /nothing': () => new Response(null, { status: 204 }),
  'GET /etag': ({ request }) => {
    const headers = { etag: '"one"' }
    if (request.headers.get('if-none-match') === '"one"') return new Response(null, { status: 304, headers })
    return text('fresh\n', { headers })
  },
  'GET /big': () => new Response(big, { headers: { 'content-type': 'application/octet-stream' } }),
}

export default async function bare(request, context) {
  const url = new URL(request.url)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  if (url.pathname.startsWith('/said/')) {
    return Response.json(await said(request.method, request.url, (name) => request.headers.get(name), request.body))
  }
  if (url.pathname.startsWith('/task/')) {
    const done = await perform(url.pathname.slice('/task/'.length), context, url)
    return text(typeof done === 'string' ? done : ReadableStream.from(done))
  }
  const route = routes[`${method} ${url.pathname}`]
  return route === undefined ? text('not found\n', { status: 404 }) : route({ request, context, url })
}

await serve(bare)
