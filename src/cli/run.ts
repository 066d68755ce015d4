// `postern run`: one request to one script without a server, and all that passes between them.

import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buffer } from 'node:stream/consumers'
import { byteStringOf, byteStringOfText, type ByteString, type Bytes } from '../bytes/byte-string.ts'
import { cgi, phpPage } from '../config/destinations.ts'
import type { Ending, GatewayEvent, Observer } from '../events/events.ts'
import { readLimits } from '../config/limits.ts'
import { runningOf } from '../executors/answered.ts'
import type { Executor, GatewayRequest } from '../executors/executor.ts'
import type { Destination } from '../gateway/destination.ts'
import { AllowedHosts } from '../gateway/allowed-hosts.ts'
import { Gateway } from '../gateway/gateway.ts'
import { TrustedProxies } from '../gateway/origin.ts'
import type { GatewayAnswer, RequestFacts } from '../gateway/request-facts.ts'
import { firstValue, type Field } from '../protocol/http/fields.ts'
import { inspectScript } from '../gateway/diagnosis/inspect-script.ts'
import { encodePath } from '../gateway/meta-variables.ts'
import { escapeControls, shownBytes } from '../observers/escape.ts'
import { isPhpPage } from './php-page.ts'
import { scriptOptions, type ScriptFlags } from './script-flags.ts'

export interface RunFlags extends ScriptFlags {
  readonly method?: string
  readonly pathInfo: string
  readonly query: string
  readonly header?: readonly string[]
  readonly body?: string
}

const lastWordsMs = 1000

type Out = Pick<NodeJS.WritableStream, 'write'>

/** Resolves to the exit code: 0 for an answer below 500, 1 for a failure. Throws TypeError for flags that cannot be. */
export async function runOnce(script: string, flags: RunFlags, out: Out): Promise<number> {
  const path = resolve(script)
  if (statSync(path, { throwIfNoEntry: false }) === undefined) throw new TypeError(`there is no file ${script}`)
  const body = await readBody(flags.body)
  const seen: { variables?: ReadonlyMap<string, ByteString>; ending?: Ending; startMs?: number } = {}
  const lines: string[] = []
  let hasFailed = false
  const observe: Observer = (event) => {
    if (event.type === 'program-ended') seen.ending = event.ending
    else if (event.type === 'program-started') seen.startMs = event.startMs
    else note(event, lines)
    hasFailed ||= event.type === 'script-failed'
  }
  const { searchWords, ...options } = scriptOptions(flags)
  const maker = isPhpPage(inspectScript(byteStringOfText(path)))
    ? phpPage(path, options)
    : cgi({ script: path }, { ...options, searchWords: searchWords ?? false, warm: 'off' })
  const destination = maker({ limits: {}, observe })
  const words: Promise<unknown>[] = []
  const shown = watched(destination, (request, running) => {
    seen.variables = request.variables
    if (running !== undefined) words.push(running)
  })
  const name = byteStringOfText(basename(path))
  await using gateway = oneScriptGateway(shown, name, flags, observe)
  const startedAt = performance.now()
  const answer = await gateway.handle(facts(name, flags, body))
  const headMs = performance.now() - startedAt
  const content = await collect(answer)
  const totalMs = performance.now() - startedAt
  answer.delivered({ bodyBytes: content.length, clientGone: false })
  // Its last words may come after its output; a background child's need not be waited for.
  await Promise.race([Promise.all(words), sleep(lastWordsMs, undefined, { ref: false })])
  await destination[Symbol.asyncDispose]()

  const section = (title: string, text: string): void => void out.write(`--- ${title} ---\n${text}\n\n`)
  section(
    'meta-variables',
    [...(seen.variables ?? [])].map(([variable, value]) => `${variable}=${shownBytes(value)}`).join('\n'),
  )
  section(
    'answer',
    [
      `${answer.status} ${answer.reason ?? ''}`.trim(),
      ...answer.fields.map((field) => shownBytes(field.join(': '))),
    ].join('\n'),
  )
  section('body', hasFailed ? '(the page that says what went wrong)' : shownBody(content))
  section('standard error and notes', lines.join('\n'))
  const { ending } = seen
  const exit =
    ending === undefined
      ? 'not started'
      : ending.signal === null
        ? `exit code ${ending.exitCode}`
        : `ended by ${ending.signal}`
  const cpu = ending?.cpuMs === undefined ? '' : `, CPU ${ending.cpuMs.toFixed(1)} ms`
  section(
    'ending',
    `${exit}; start ${(seen.startMs ?? 0).toFixed(1)} ms, head after ${headMs.toFixed(1)} ms, whole ${totalMs.toFixed(1)} ms${cpu}`,
  )
  return answer.status >= 500 ? 1 : 0
}

function oneScriptGateway(destination: Destination, name: ByteString, flags: RunFlags, observe: Observer): Gateway {
  const limits = readLimits(flags)
  return new Gateway({
    routes: [{ prefix: ['cgi-bin', name], destination }],
    observe,
    development: false,
    origin: {
      serverName: undefined,
      allowedHosts: new AllowedHosts({ names: undefined, own: [], development: false }),
      trustedProxies: new TrustedProxies([]),
    },
    body: { maxBodyBytes: Number.MAX_SAFE_INTEGER, spoolMemoryBytes: limits.spoolMemory },
    scripts: {
      maxResponseHeadBytes: limits.maxResponseHead,
      maxVariablesBytes: limits.maxVariables,
      retryAfterSeconds: 1,
    },
    maxTargetBytes: limits.maxTarget,
    maxLocalRedirects: 0,
  })
}

type See = (request: GatewayRequest, diagnosticsEnded: Promise<void> | undefined) => void

/** An executor around the destination's own, which shows what the script is told and when its last words have come. */
function watched(destination: Destination, see: See): Destination {
  return {
    resolve: (place) => {
      const resolution = destination.resolve(place)
      if (resolution.kind !== 'script') return resolution
      const inner = resolution.executor
      const executor: Executor = {
        run: async (request, signal) => {
          const started = await inner.run(request, signal)
          if (started.kind === 'failed') {
            see(request, undefined)
            return started
          }
          const running = started.kind === 'answered' ? runningOf(started.answered) : started.running
          const { bytes, ended } = watchEnd(running.diagnostics)
          see(request, ended)
          return { kind: 'running', running: { ...running, diagnostics: bytes } }
        },
        [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
      }
      return { ...resolution, executor }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

function watchEnd(source: Bytes): { readonly bytes: Bytes; readonly ended: Promise<void> } {
  let end: () => void
  const ended = new Promise<void>((tell) => {
    end = tell
  })
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* source
    end()
  }
  return { bytes: bytes(), ended }
}

function facts(name: ByteString, flags: RunFlags, body: Uint8Array | undefined): RequestFacts {
  const fields: Field[] = (flags.header ?? []).map(readField)
  if (firstValue(fields, 'host') === undefined) fields.unshift(['Host', 'localhost'])
  if (body !== undefined) fields.push(['Content-Length', String(body.length)])
  const pathInfo = flags.pathInfo === '' || flags.pathInfo.startsWith('/') ? flags.pathInfo : `/${flags.pathInfo}`
  const path = encodePath(`/cgi-bin/${name}${byteStringOfText(pathInfo)}`)
  const local = { address: '127.0.0.1', port: 80 }
  return {
    method: flags.method ?? (body === undefined ? 'GET' : 'POST'),
    target: flags.query === '' ? path : `${path}?${byteStringOfText(flags.query)}`,
    mount: '',
    protocol: 'HTTP/1.1',
    fields,
    scheme: 'http',
    peer: { address: '127.0.0.1', port: 0 },
    local,
    user: undefined,
    body: once(body),
    bodyLength: body?.length ?? 0,
    signal: new AbortController().signal,
  }
}

async function* once(body: Uint8Array | undefined): AsyncGenerator<Uint8Array> {
  if (body !== undefined) yield body
}

function readField(text: string): Field {
  const colon = text.indexOf(':')
  if (colon < 1) throw new TypeError(`--header takes "Name: value", not ${JSON.stringify(text)}`)
  return [byteStringOfText(text.slice(0, colon)), byteStringOfText(text.slice(colon + 1).trim())]
}

async function readBody(text: string | undefined): Promise<Uint8Array | undefined> {
  if (text === undefined) return undefined
  if (text === '@-') return buffer(process.stdin)
  if (!text.startsWith('@')) return Buffer.from(text)
  try {
    return await readFile(text.slice(1))
  } catch (error) {
    throw new TypeError(`--body: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

async function collect({ body }: GatewayAnswer): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array(0)
  if (body instanceof Uint8Array) return body
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of body) chunks.push(chunk)
  } catch {
    chunks.push(Buffer.from('\n[the body was broken off]')) // The cause is among the notes.
  }
  return Buffer.concat(chunks)
}

function note(event: GatewayEvent, lines: string[]): void {
  if (event.type === 'diagnostic-line') lines.push(`stderr: ${shownBytes(event.line)}`)
  else if (event.type === 'script-failed') {
    lines.push(
      `failed: ${event.failure.kind}`,
      `cause: ${escapeControls(event.diagnosis.cause)}`,
      `mend: ${escapeControls(event.diagnosis.mend)}`,
    )
  } else if (event.type === 'field-dropped') lines.push(`field ${shownBytes(event.name)} dropped: ${event.why}`)
  else if (event.type === 'request-refused') lines.push(`refused (${event.status}): ${escapeControls(event.why)}`)
}

/** Line ends stay, so that a page is readable. */
function shownBody(content: Uint8Array): string {
  return byteStringOf(content).split('\n').map(shownBytes).join('\n')
}
