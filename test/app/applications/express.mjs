#!/usr/bin/env node
// The routes of bare.mjs by Express.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express from 'express'
import { contextOf, serve } from 'postern/app'
import { big, chunks, countBytes, perform, said, selected } from './shared.mjs'

const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.set('env', 'production')

app.get('/hello', (request, response) => {
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : ''
  response.type('text/plain').send(`${request.method} ${request.path} ${query}\n`)
})
app.post('/echo', express.raw({ type: () => true, limit: '10mb' }), (request, response) => {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  response.set('content-type', request.get('content-type') ?? 'application/octet-stream')
  response.set('x-length', String(body.length)).end(body)
})
app.get('/headers', (request, response) => response.json(selected(contextOf(request))))
app.get('/cookies', (_request, response) => {
  response.append('set-cookie', ['one=1; Path=/', 'two=2; Path=/']).type('text/plain').send('two cookies\n')
})
app.get('/socket', ({ ip, protocol, url, originalUrl, baseUrl }, response) => {
  response.json({ ip, protocol, url, originalUrl, baseUrl })
})
app.get('/redirect', (_request, response) => response.redirect('/hello?redirected'))
app.get('/status/418', (_request, response) => response.status(418).type('text/plain').send('a teapot\n'))
app.get('/stream', (_request, response) => {
  Readable.from(chunks()).pipe(response.type('text/plain'))
})
app.get('/throw', () => {
  throw new Error('thrown by the handler')
})
app.post('/upload', (request, response, next) => {
  countBytes(request).then((bytes) => response.type('text/plain').send(`${bytes}\n`), next)
})
app.get('/nothing', (_request, response) => response.status(204).end())
app.get('/etag', (request, response) => {
  response.set('etag', '"one"')
  if (request.get('if-none-match') === '"one"') response.status(304).end()
  else response.type('text/plain').send('fresh\n')
})
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 hears of rejections
app.all('/said/*rest', async (request, response) => {
  response.json(await said(request.method, request.url, (name) => request.get(name), request))
})
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 hears of rejections
app.get('/task/:name', async (request, response) => {
  const done = await perform(request.params.name, contextOf(request), new URL(request.url, 'http://localhost'))
  response.type('text/plain')
  if (typeof done === 'string') response.send(done)
  else await pipeline(Readable.from(done), response)
})
app.get('/big', (_request, response) => response.type('application/octet-stream').send(Buffer.from(big)))
app.use((_request, response) => response.status(404).type('text/plain').send('not found\n'))

await serve(app)
