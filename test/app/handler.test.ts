// What serve() takes for what.

import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { test } from 'node:test'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import type { AppContext } from '../../src/app/context.ts'
import { listener, readHandler, type Handler } from '../../src/app/handler.ts'
import { serve } from '../../src/app/serve.ts'

const node = (_request: IncomingMessage, response: ServerResponse): void => void response.end()

test('Postern: a function alone is a fetch function, whatever its number of parameters', () => {
  assert.equal(readHandler(() => new Response()).kind, 'fetch')
  assert.equal(readHandler((_a: unknown, _b: unknown, _c: unknown) => new Response()).kind, 'fetch')
  assert.equal(readHandler((..._all: unknown[]) => new Response()).kind, 'fetch')
})

test('Postern: what frameworks make is told by what they put on it', () => {
  assert.equal(readHandler(new Hono()).kind, 'fetch')
  assert.equal(readHandler({ fetch: () => new Response() }).kind, 'fetch')
  assert.equal(readHandler(express()).kind, 'node')
  assert.equal(readHandler(fastify()).kind, 'node')
  assert.equal(readHandler(createServer(node)).kind, 'node')
  assert.equal(readHandler(listener(node)).kind, 'node')
  assert.equal(readHandler({ node }).kind, 'node')
})

test('Postern: TypeScript knows the parameters of a handler that is written in place, and takes what frameworks make', () => {
  const fetching: Handler[] = [
    (request, context) => new Response(request.url + context.gateway),
    async (request, { waitUntil, peer }) => {
      waitUntil(Promise.resolve())
      return new Response((await request.text()) + peer.address)
    },
    { fetch: (request, context) => new Response(request.url + context.gateway) },
    new Hono(),
    new Hono<{ Bindings: AppContext }>(),
  ]
  const listening: Handler[] = [
    express(),
    fastify(),
    createServer(node),
    listener(node),
    listener((request, response) => response.end(request.url)),
  ]
  assert.deepEqual([...new Set(fetching.map((handler) => readHandler(handler).kind))], ['fetch'])
  assert.deepEqual([...new Set(listening.map((handler) => readHandler(handler).kind))], ['node'])
  // @ts-expect-error -- a listener is not told from a fetch function, so it says what it is: listener(node)
  assert.equal(readHandler(node satisfies Handler).kind, 'fetch')
  // @ts-expect-error -- a fetch function gives a Response
  assert.equal(readHandler((() => 'text') satisfies Handler).kind, 'fetch')
})

test('Postern: anything else is a TypeError that says what to write', () => {
  for (const wrong of [undefined, null, 'app', 7, {}, [], createServer(), { fetch: 7 }, Promise.resolve(node)]) {
    assert.throws(() => readHandler(wrong), {
      name: 'TypeError',
      message: /^serve\(\) got (?:undefined|null|string|number|an object[^;]*); it takes a function/,
    })
  }
  assert.throws(() => readHandler({ callback: () => node }), {
    name: 'TypeError',
    message: /listener\(app\.callback\(\)\)/,
  })
  const notNode: unknown = 'x'
  assert.throws(() => Reflect.apply(listener, undefined, [notNode]), { name: 'TypeError' })
})

test('Postern: an option that serve() does not have is a TypeError that names those it has', async () => {
  const options: object = { listen: 'http:127.0.0.1:0', maxBdoy: '1M' }
  await assert.rejects(
    serve(() => new Response(), options),
    { name: 'TypeError', message: /^serve\(\) has no option maxBdoy; it has listen, .*maxBody/ },
  )
})
