// Handlers that take their time, under the limits of SERVE_OPTIONS; with AS_LISTENER the same for node:http. PROBE_FILE is
// where they say what nobody is there to hear.

import { appendFileSync } from 'node:fs'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { listener, contextOf, serve } from 'postern/app'

const note = (line) => appendFileSync(process.env.PROBE_FILE, `${line}\n`)
const never = () => new Promise(() => {})
const bytes = (text) => new TextEncoder().encode(text)

/** Some parts, with a pause before each. */
async function* parts(count, pauseMs) {
  for (let at = 1; at <= count; at++) {
    await sleep(pauseMs)
    yield bytes(`part ${at}\n`)
  }
}

async function* half() {
  yield bytes('a part\n')
  await never()
}

/** More than sockets and buffers hold. */
async function* big() {
  for (let at = 0; at < 256; at++) yield new Uint8Array(64 * 1024)
  yield bytes('all\n')
}

const bodies = {
  '/half': () => half(),
  // Each pause is shorter than the limits, and all of them together are longer.
  '/steps': () => parts(15, 100),
  '/endless': () => parts(Infinity, 20),
  '/big': () => big(),
}

/** What it hears when its time is over. */
function tell({ signal }) {
  signal.addEventListener('abort', () => note(`aborted: ${signal.reason.name}: ${signal.reason.message}`))
}

async function answer(request, context) {
  tell(context)
  const { pathname } = new URL(request.url)
  if (pathname === '/never') return never()
  if (pathname === '/late') return sleep(3000).then(() => new Response('late\n'))
  if (pathname === '/upload') return new Response(`${(await request.arrayBuffer()).byteLength}\n`)
  const body = bodies[pathname]
  return new Response(body === undefined ? 'hello\n' : ReadableStream.from(body()))
}

async function hear(request, response) {
  tell(contextOf(request))
  request.once('close', () => note('closed'))
  if (request.url === '/never') return
  if (request.url === '/late') await sleep(3000)
  let length = 0
  if (request.url === '/upload') for await (const chunk of request) length += chunk.length
  const body = bodies[request.url]
  if (body === undefined) return void response.end(request.url === '/upload' ? `${length}\n` : 'hello\n')
  for await (const chunk of body()) if (!response.write(chunk)) await once(response, 'drain')
  response.end()
}

await serve(process.env.AS_LISTENER === '1' ? listener(hear) : answer, JSON.parse(process.env.SERVE_OPTIONS ?? '{}'))
