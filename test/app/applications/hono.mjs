#!/usr/bin/env node
// The routes of bare.mjs by Hono.

import { Hono } from 'hono'
import { serve } from 'postern/app'
import { big, chunks, countBytes, perform, said, selected } from './shared.mjs'

const app = new Hono()

app.get('/hello', (c) => {
  const { pathname, search } = new URL(c.req.url)
  return c.text(`${c.req.method} ${pathname} ${search}\n`)
})
app.post('/echo', async (c) => {
  const body = await c.req.arrayBuffer()
  return c.body(body, 200, {
    'content-type': c.req.header('content-type') ?? 'application/octet-stream',
    'x-length': String(body.byteLength),
  })
})
app.get('/headers', (c) => c.json(selected(c.env)))
app.get('/cookies', (c) => {
  c.header('set-cookie', 'one=1; Path=/', { append: true })
  c.header('set-cookie', 'two=2; Path=/', { append: true })
  return c.text('two cookies\n')
})
app.get('/redirect', (c) => c.redirect('/hello?redirected'))
app.get('/status/418', (c) => c.text('a teapot\n', 418))
app.get('/stream', (c) => c.body(ReadableStream.from(chunks()), 200, { 'content-type': 'text/plain' }))
app.get('/throw', () => {
  throw new Error('thrown by the handler')
})
app.post('/upload', async (c) => c.text(`${await countBytes(c.req.raw.body ?? [])}\n`))
app.get('/nothing', (c) => c.body(null, 204))
app.get('/etag', (c) => {
  c.header('etag', '"one"')
  return c.req.header('if-none-match') === '"one"' ? c.body(null, 304) : c.text('fresh\n')
})
app.all('/said/*', async (c) => {
  return c.json(await said(c.req.method, c.req.url, (name) => c.req.header(name), c.req.raw.body))
})
app.get('/task/:name', async (c) => {
  const done = await perform(c.req.param('name'), c.env, new URL(c.req.url))
  if (typeof done === 'string') return c.text(done)
  return c.body(ReadableStream.from(done), 200, { 'content-type': 'text/plain' })
})
app.get('/big', (c) => c.body(big, 200, { 'content-type': 'application/octet-stream' }))
app.notFound((c) => c.text('not found\n', 404))

export default app

await serve(app)
