// The cgi frontend: we are the CGI program (RFC 3875). A web server has started us for one request, with its variables in
// the environment and its body on standard input; the answer goes to standard output.

import type { Answering } from '../gateway/request-facts.ts'
import { createWriteStream, fstatSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { byteStringOf, byteStringOfText, bytesOf, textOf, type ByteString } from '../bytes/byte-string.ts'
import { readAuthorizerVariables } from './authorizer-request.ts'
import type { BodyPace } from './body-pace.ts'
import { writeAnswerTo, type AnswerSink, type Written } from './cgi-answer.ts'
import { FedBody } from './fed-body.ts'
import { Gone } from './gone.ts'
import { refusalAnswer } from './refusal-answer.ts'
import { factsOf, readServerVariables, type ServerVariables } from './server-variables.ts'

export interface CgiFrontendOptions extends BodyPace {
  /** Names of variables of the web server's that go on to scripts. */
  readonly passVariables: ReadonlySet<string>
  readonly variables: ServerVariables
  /** Not asked for where there is no body. */
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Pick<Writable, 'write'>
}

/** Resolves when the answer has been written, or nobody takes it any more. An abort ends the script. */
export async function answerCgi(
  gateway: Answering,
  options: CgiFrontendOptions,
  signal?: AbortSignal,
): Promise<Written> {
  const { stdout, stderr, variables, passVariables } = options
  // As Postern's own authorizers are started, and libfcgi tells its applications.
  const isAuthorizer = variables.get('FCGI_ROLE') === 'AUTHORIZER' && gateway.parts?.has('authorizer') === true
  const gone = new Gone()
  const onAbort = (): void => gone.abort()
  stdout.on('error', onAbort)
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted === true) onAbort()
  const read = isAuthorizer
    ? readAuthorizerVariables(variables, passVariables)
    : readServerVariables(variables, passVariables)
  // RFC 3875 4.2: without CONTENT_LENGTH there is no body to read.
  const length = 'rejected' in read ? 0 : (read.contentLength ?? 0)
  const body = new FedBody(length, options, () => options.stdin.resume())
  const sink = writableSink(stdout, gone, body)
  if (length > 0) feed(options.stdin, body)
  try {
    if ('rejected' in read) return await writeAnswerTo(sink, refusalAnswer(400, read.rejected), 'field')
    if (read.contentLength === undefined && variables.has('HTTP_TRANSFER_ENCODING')) {
      // Apache does so with a body in chunks. To take none for it would lose what the client has sent.
      const why = 'a body without CONTENT_LENGTH, by which a CGI program knows its end'
      return await writeAnswerTo(sink, refusalAnswer(411, why), 'field')
    }
    const onDiagnostic = (line: ByteString): void => void stderr.write(bytesOf(`${line}\n`))
    const part = isAuthorizer ? ({ role: 'authorizer' } as const) : undefined
    const answer = await gateway.handle(factsOf(read, { part, onDiagnostic, body, bodyLength: length, signal: gone }))
    const written = await writeAnswerTo(sink, answer, 'field')
    if (!gone.aborted) await flushed(stdout)
    answer.delivered({ ...written, clientGone: written.clientGone || gone.aborted })
    return written
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await body.drop()
    // What the server still sends is not for us; pipes that are being read or written would keep the process.
    if (length > 0) options.stdin.destroy()
    if (gone.aborted) stdout.destroy()
    else stdout.end()
  }
}

function feed(stdin: Readable, body: FedBody): void {
  stdin.on('data', (chunk: Buffer) => {
    body.push(chunk)
    if (body.isFull) stdin.pause()
  })
  stdin.once('end', () => body.end())
  stdin.once('error', () => body.breakOff())
  stdin.once('close', () => body.breakOff())
}

function writableSink(stdout: Writable, gone: Gone, body: FedBody): AnswerSink {
  return {
    body,
    get isGone() {
      return gone.aborted || stdout.destroyed
    },
    write(parts) {
      if (stdout.destroyed) return
      stdout.cork()
      for (const part of parts) if (part.length > 0) stdout.write(part)
      stdout.uncork()
    },
    ready: () => (stdout.writableNeedDrain ? settled(stdout, gone, 'drain') : Promise.resolve()),
    // Apache's mod_cgi ends a program that has closed its outputs; while they are open the script may work on, though its
    // client has gone. The server has had every byte, and passes it on.
    endEarly: () => Promise.resolve(false),
  }
}

function settled(stdout: Writable, gone: Gone, event: 'drain'): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      stdout.off(event, end).off('close', end)
      gone.removeEventListener('abort', end)
      resolve()
    }
    stdout.on(event, end).on('close', end)
    gone.addEventListener('abort', end)
    if (gone.aborted) end()
  })
}

function flushed(stdout: Writable): Promise<void> {
  return new Promise((resolve) => {
    stdout.once('close', resolve)
    stdout.write('', () => resolve())
  })
}

/**
 * `process.env` byte for byte: Node reads the environment as UTF-8, and mangles what is not. The bytes are what the
 * process was started with, or what a warm interpreter (launchers/node/parked.cjs) was given later.
 */
export function readEnvironment(): ServerVariables {
  const started = new Map(
    startedWith().map(([name, value]) => [textOf(name), [name, value, textOf(value)] as const] as const),
  )
  return new Map(
    Object.entries(process.env).map(([name, value = '']) => {
      const [rawName, rawValue, was] = started.get(name) ?? []
      const isSame = rawName !== undefined && rawValue !== undefined && was === value
      return isSame ? [rawName, rawValue] : [byteStringOfText(name), byteStringOfText(value)]
    }),
  )
}

function startedWith(): readonly (readonly [ByteString, ByteString])[] {
  try {
    const given: unknown = Reflect.get(process, Symbol.for('postern.environment'))
    const bytes = given instanceof Uint8Array ? given : readFileSync('/proc/self/environ')
    return byteStringOf(bytes)
      .split('\0')
      .flatMap((pair) => splitPair(pair))
  } catch {
    return [] // Not Linux, or nothing is mounted there.
  }
}

function splitPair(pair: ByteString): readonly (readonly [ByteString, ByteString])[] {
  const equals = pair.indexOf('=')
  return equals < 1 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)]]
}

/** Standard output that never blocks: `process.stdout` would, on a pipe whose reader is slow, and no signal be heard. */
export function openStandardOutput(): Writable {
  const stat = fstatSync(1)
  if (stat.isFIFO() || stat.isSocket()) return new Socket({ fd: 1, readable: false, writable: true })
  return createWriteStream('', { fd: 1 })
}
