// What the server and an application worker say to each other (launchers/wsgi/README.md): frames of a kind, a length and a
// content. No I/O.

import { byteStringOf, bytesOf, type ByteString } from '../../bytes/byte-string.ts'
import { HeldBytes } from '../../bytes/held-bytes.ts'
import { ProtocolError } from '../errors.ts'

/** From the worker. Output comes in the parts in which it was read; everything else whole. */
export type WorkerFrame =
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'wants-body' }
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  | { readonly kind: 'all-sent' }
  | { readonly kind: 'diagnostics'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly how: AnswerEnd; readonly exception: string | undefined }
  | { readonly kind: 'forked'; readonly pid: number | undefined; readonly error: string | undefined }
  | { readonly kind: 'ended'; readonly worker: EndedWorker }

export interface Hello {
  readonly pid: number
  /** As faulthandler writes it. */
  readonly thread: string
  readonly language: string
  /** It answers no requests but forks workers that do. */
  readonly preload: boolean
}

/** Whole; or the application raised, before the head was sent or after it. */
export type AnswerEnd = 'whole' | 'raised' | 'raised-late'

export interface EndedWorker {
  readonly pid: number
  /** The system's wait status. */
  readonly status: number
  readonly cpuMs: number
  readonly maxRssBytes: number
}

export type RequestBodyKind = 'none' | 'whole' | 'streamed'

const headerBytes = 5
/** Security: nothing is held, or waited for, because a length says so. */
const longestFrame = 1024 * 1024

const [hello, files, wantsBody, output, allSent, diagnostics, end, forked, ended] = bytesOf('HFRODEZPG')
const bodyBytes: Readonly<Record<RequestBodyKind, string>> = { none: '0', whole: '1', streamed: '2' }
const endOf: ReadonlyMap<string, AnswerEnd> = new Map([
  ['0', 'whole'],
  ['1', 'raised'],
  ['2', 'raised-late'],
])

/** `Q`: the meta-variables of a request, and whether a body follows. */
export function encodeRequest(variables: ReadonlyMap<string, ByteString>, body: RequestBodyKind): Buffer {
  let content = bodyBytes[body]
  for (const [name, value] of variables) content += `${name}\0${value}\0`
  // The length is written over these five.
  const bytes = Buffer.from(`QQQQQ${content}`, 'latin1')
  bytes.writeUInt32BE(content.length, 1)
  return bytes
}

/** `B`: what stands before a part of the body; a length of 0 is the body's end. */
export function encodePartHeader(length: number): Buffer {
  return encodeHeader('B', length)
}

/** `X`: the body breaks off. */
export const brokenBody: Uint8Array = encodeHeader('X', 0)

/** `P`: a worker that has loaded the application ahead is to fork another one. */
export const forkOrder: Uint8Array = encodeHeader('P', 0)

function encodeHeader(kind: string, length: number): Buffer {
  const bytes = Buffer.from(`${kind}0000`, 'latin1')
  bytes.writeUInt32BE(length, 1)
  return bytes
}

/** From the worker's bytes to its frames. Throws ProtocolError; then nothing more of the connection can be believed. */
export class WorkerFrameDecoder {
  readonly #held = new HeldBytes()
  /** Bytes of an output frame that are still to come. */
  #outputLeft = 0

  push(chunk: Uint8Array): readonly WorkerFrame[] {
    const frames: WorkerFrame[] = []
    const bytes = this.#held.join(chunk)
    let at = 0
    while (at < bytes.length) {
      if (this.#outputLeft > 0) {
        const part = bytes.subarray(at, at + this.#outputLeft)
        frames.push({ kind: 'output', bytes: part })
        this.#outputLeft -= part.length
        at += part.length
        continue
      }
      if (bytes.length - at < headerBytes) break
      const length = readLength(bytes, at + 1)
      if (length > longestFrame) throw new ProtocolError('application', `a frame of ${length} bytes`)
      if (bytes[at] === output) {
        this.#outputLeft = length
        at += headerBytes
        continue
      }
      const after = at + headerBytes + length
      if (after > bytes.length) break
      frames.push(readFrame(bytes[at], bytes.subarray(at + headerBytes, after)))
      at = after
    }
    // What was joined from several reads is used again for the next: what has been handed out is a copy.
    const isOwn = bytes !== chunk
    this.#held.keepFrom(at)
    return isOwn ? frames.map(copied) : frames
  }
}

function copied(frame: WorkerFrame): WorkerFrame {
  return 'bytes' in frame ? { ...frame, bytes: frame.bytes.slice() } : frame
}

function readLength(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
  return a * 0x1000000 + (b << 16) + (c << 8) + d
}

function readFrame(kind: number | undefined, content: Uint8Array): WorkerFrame {
  switch (kind) {
    case diagnostics:
      return { kind: 'diagnostics', bytes: content }
    case end:
      return readEnd(content)
    case allSent:
      return { kind: 'all-sent' }
    case wantsBody:
      return { kind: 'wants-body' }
    case hello:
      return { kind: 'hello', hello: readHello(readObject(content)) }
    case files:
      return { kind: 'files', paths: readPaths(content) }
    case forked: {
      const { pid, error } = readObject(content)
      return {
        kind: 'forked',
        pid: typeof pid === 'number' ? pid : undefined,
        error: typeof error === 'string' ? error : undefined,
      }
    }
    case ended: {
      const { pid, status, cpuMicroseconds, maxRssBytes } = readObject(content)
      const worker = {
        pid: numberOf(pid),
        status: numberOf(status),
        cpuMs: numberOf(cpuMicroseconds) / 1000,
        maxRssBytes: numberOf(maxRssBytes),
      }
      return { kind: 'ended', worker }
    }
    default:
      throw new ProtocolError('application', `a frame of the unknown kind ${String(kind)}`)
  }
}

function readEnd(content: Uint8Array): WorkerFrame {
  const how = endOf.get(byteStringOf(content.subarray(0, 1)))
  if (how === undefined) throw new ProtocolError('application', 'an end that says nothing')
  if (how === 'whole') return { kind: 'end', how, exception: undefined }
  const { exception } = readObject(content.subarray(1))
  return { kind: 'end', how, exception: typeof exception === 'string' ? exception : undefined }
}

function readHello({ pid, thread, language, preload }: Readonly<Record<string, unknown>>): Hello {
  return {
    pid: numberOf(pid),
    thread: typeof thread === 'string' ? thread : '',
    language: typeof language === 'string' ? language : '',
    preload: preload === true,
  }
}

function readPaths(content: Uint8Array): readonly string[] {
  const paths = readJson(content)
  if (!Array.isArray(paths)) throw new ProtocolError('application', 'files that are no list')
  return paths.filter((path) => typeof path === 'string')
}

function readObject(content: Uint8Array): Readonly<Record<string, unknown>> {
  const value = readJson(content)
  if (typeof value !== 'object' || value === null) throw new ProtocolError('application', 'a content that is no object')
  return Object.fromEntries(Object.entries(value))
}

function readJson(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString('utf8'))
  } catch {
    throw new ProtocolError('application', 'a content that is no JSON')
  }
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ProtocolError('application', 'no number')
  return value
}

/** Only for tests and workers in other languages: a frame as the worker writes it. */
export function encodeWorkerFrame(kind: string, content: ByteString): Uint8Array {
  return Buffer.concat([encodeHeader(kind, content.length), bytesOf(content)])
}
