// JavaScript throws anything, also what cannot be written down: it costs its own request, and not the program.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serve } from '../../src/app/serve.ts'
import { textOfError } from '../../src/events/failures.ts'

const thrown: Readonly<Record<string, () => unknown>> = {
  'an object without a prototype': () => Object.create(null),
  'an error whose stack is no string': () => Object.assign(new Error('said'), { stack: 5 }),
  'an error whose stack cannot be read': () =>
    Object.defineProperty(new Error('said'), 'stack', {
      get() {
        throw new Error('no stack')
      },
    }),
  'a symbol': () => Symbol('thrown'),
}

function throwing(make: () => unknown): (request: Request) => Response {
  return (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/throw') throw make()
    if (pathname === '/hello') return new Response('hello')
    const begun = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from('begun')),
      async pull(controller) {
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
        controller.error(make())
      },
    })
    return new Response(begun)
  }
}

for (const [what, make] of Object.entries(thrown)) {
  test(`Postern: ${what} can be told of when it is thrown`, () => {
    assert.equal(typeof textOfError(make()), 'string')
  })

  test(`Postern: ${what} costs its own request when it is thrown, or breaks a body off`, async () => {
    await using served = await serve(throwing(make), { listen: 'http:127.0.0.1:0', signals: false })
    const get = (path: string): Promise<Response> =>
      fetch(new URL(path, served.url), { signal: AbortSignal.timeout(10_000) })
    assert.equal((await get('/throw')).status, 500)
    await assert.rejects(async () => (await get('/body')).text(), { name: 'TypeError', message: 'terminated' })
    assert.equal(await (await get('/hello')).text(), 'hello')
  })
}
