// What an application sees of its start, its client's going and its own end, for the tests. PROBE_FILE is where it says
// what nobody is there to hear.

import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from 'postern/app'

const note = (line) => appendFileSync(process.env.PROBE_FILE, `${line}\n`)

async function* endless() {
  try {
    for (;;) yield new Uint8Array(64 * 1024)
  } finally {
    note('endless: left')
  }
}

const like = (parts) => ({ status: 200, statusText: '', headers: new Map(), body: null, ...parts })

const routes = {
  '/context': (request, { gateway, variables, peer, user, mount }) =>
    Response.json({ gateway, variables: Object.fromEntries(variables), peer, user, mount, url: request.url }),
  '/later': (_request, { waitUntil }) => {
    waitUntil(sleep(500).then(() => note('later: done')))
    return new Response('now\n')
  },
  '/rejected': (_request, { waitUntil }) => {
    waitUntil(sleep(50).then(() => Promise.reject(new Error('rejected later'))))
    return new Response('now\n')
  },
  '/diagnostics': (_request, { diagnostics }) => {
    diagnostics('a line, é')
    return new Response('said\n')
  },
  '/wait': (_request, { signal }) => {
    note('wait: begun')
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        note('wait: aborted')
        resolve(new Response('too late\n'))
      })
    })
  },
  '/endless': () => new Response(ReadableStream.from(endless(), { highWaterMark: 0 })),
  '/slow': async () => {
    note('slow: begun')
    await sleep(1000)
    return new Response('slow\n')
  },
  '/nothing': () => undefined,
  '/split-reason': () => like({ statusText: 'OK\r\nX: evil' }),
  '/split-field': () => like({ headers: new Map([['x', 'a\r\nX: evil']]) }),
  '/split-name': () => like({ headers: new Map([['x: evil\r\ny', 'a']]) }),
  '/status-999999': () => like({ status: 999_999 }),
  '/status-text': () => like({ status: '200 OK\r\nX: evil' }),
  '/httpoxy': (_request, { variables }) =>
    Response.json({
      environment: process.env.HTTP_PROXY ?? null,
      variables: [...variables.keys()].filter((name) => name.startsWith('HTTP_PROXY')),
    }),
  '/broken': () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          controller.enqueue(new TextEncoder().encode('a part'))
          await sleep(50)
          controller.error(new Error('in the middle'))
        },
      }),
    ),
  // As a pool of connections does.
  '/held': () => {
    setInterval(() => {}, 1000)
    return new Response('held\n')
  },
}

await serve((request, context) => {
  const route = routes[new URL(request.url).pathname]
  return route === undefined
    ? new Response('hello\n', { headers: { 'x-method': request.method } })
    : route(request, context)
})
