#!/usr/bin/env node
// The routes of bare.mjs by Fastify.

import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { contextOf, serve } from 'postern/app'
import { big, chunks, countBytes, perform, said, selected, wholeOf } from './shared.mjs'

const app = Fastify()

// Bodies as they come.
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

app.get('/hello', (request, reply) => {
  const [path, query] = request.url.split('?')
  reply.type('text/plain').send(`${request.method} ${path} ${query === undefined ? '' : `?${query}`}\n`)
})
app.post('/echo', async (request, reply) => {
  const body = await wholeOf(request.body ?? request.raw)
  reply.header('x-length', String(body.length))
  return reply.type(request.headers['content-type'] ?? 'application/octet-stream').send(body)
})
app.get('/headers', (request) => selected(contextOf(request.raw)))
app.get('/cookies', (_request, reply) => {
  reply.header('set-cookie', ['one=1; Path=/', 'two=2; Path=/']).type('text/plain').send('two cookies\n')
})
app.get('/redirect', (_request, reply) => reply.redirect('/hello?redirected'))
app.get('/status/418', (_request, reply) => reply.code(418).type('text/plain').send('a teapot\n'))
app.get('/stream', (_request, reply) => reply.type('text/plain').send(Readable.from(chunks())))
app.get('/throw', () => {
  throw new Error('thrown by the handler')
})
app.post('/upload', async (request, reply) => {
  return reply.type('text/plain').send(`${await countBytes(request.body ?? request.raw)}\n`)
})
app.get('/nothing', (_request, reply) => reply.code(204).send())
app.get('/etag', (request, reply) => {
  reply.header('etag', '"one"')
  if (request.headers['if-none-match'] === '"one"') reply.code(304).send()
  else reply.type('text/plain').send('fresh\n')
})
app.all('/said/*', (request) => {
  return said(request.method, request.url, (name) => request.headers[name], request.body ?? request.raw)
})
app.get('/task/:name', async (request, reply) => {
  const done = await perform(request.params.name, contextOf(request.raw), new URL(request.url, 'http://localhost'))
  return reply.type('text/plain').send(typeof done === 'string' ? done : Readable.from(done))
})
app.get('/big', (_request, reply) => reply.type('application/octet-stream').send(Buffer.from(big)))
app.setNotFoundHandler((_request, reply) => reply.code(404).type('text/plain').send('not found\n'))

await serve(app)
