// Sends files: ranges, ETag and If-* by @fastify/send (RFC 9110 sections 13 and 14). The path has been judged before,
// by site-folder.ts; nothing is decided about it here.

import { once } from 'node:events'
import { ReadStream, type Stats } from 'node:fs'
import { Readable } from 'node:stream'
import { send } from '@fastify/send'
import { LRUCache } from 'lru-cache'
import { bytesOf, isAscii, type ByteString, type Bytes } from '../bytes/byte-string.ts'
import type { Field } from '../protocol/http/fields.ts'
import { contentType } from './media-type.ts'
import { chooseVariant, type Variant } from './precompressed.ts'

export interface FileAnswer {
  readonly status: number
  readonly fields: readonly Field[]
  readonly body: Uint8Array | Bytes
  readonly bodyLength: number
}

/** What of a request matters to a file. */
export interface FileRequest {
  readonly method: string
  /** By name in lower case. */
  header(name: string): string | undefined
}

interface CachedFile {
  readonly stat: Stats
  readonly answer: FileAnswer & { readonly body: Uint8Array }
}

/** A file up to this size is kept in memory, for as long as its size, time and inode stay what they were. */
const largestCached = 1024 * 1024
const cacheBytes = 32 * 1024 * 1024
const conditions = ['range', 'if-range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']

export class StaticFiles {
  readonly #cache = new LRUCache<string, CachedFile>({
    maxSize: cacheBytes,
    sizeCalculation: ({ answer }) => answer.bodyLength + 1024,
  })

  /** Undefined: it cannot be sent (it has gone, or may not be read). */
  answer(
    path: ByteString,
    stat: Stats,
    request: FileRequest,
  ): FileAnswer | undefined | Promise<FileAnswer | undefined> {
    const name = textPath(path)
    if (name === undefined) return undefined
    const variant = chooseVariant(name, stat, request.header('accept-encoding'))
    const isPlain = request.method === 'GET' && conditions.every((field) => request.header(field) === undefined)
    const cached = isPlain ? this.#cache.get(cacheKey(variant)) : undefined
    if (cached !== undefined && isSame(cached.stat, variant.stat)) return cached.answer
    return this.#open(name, variant, request, isPlain)
  }

  async #open(name: string, variant: Variant, request: FileRequest, mayKeep: boolean): Promise<FileAnswer | undefined> {
    try {
      return await (mayKeep ? this.#load(name, variant, request) : this.#plan(name, variant, request))
    } catch (error) {
      if (error instanceof Error && 'code' in error) return undefined
      throw error
    }
  }

  async #load(name: string, variant: Variant, request: FileRequest): Promise<FileAnswer> {
    const { stat } = variant
    const answer = await this.#plan(name, variant, request)
    if (answer.status !== 200 || answer.bodyLength > largestCached || answer.body instanceof Uint8Array) return answer
    const chunks: Uint8Array[] = []
    for await (const chunk of answer.body) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const whole = { ...answer, body, bodyLength: body.length }
    // A file that has just been written may be written again within the clock's grain: it is not kept.
    if (body.length === stat.size && Date.now() - stat.mtimeMs > 50)
      this.#cache.set(cacheKey(variant), { stat, answer: whole })
    return whole
  }

  async #plan(name: string, { path, coding, varies }: Variant, request: FileRequest): Promise<FileAnswer> {
    const asked = [...conditions, 'cache-control'].flatMap((field) => {
      const value = request.header(field)
      return value === undefined ? [] : [[field, value]]
    })
    const readable = Object.assign(new Readable(), { method: request.method, headers: Object.fromEntries(asked) })
    const result = await send(readable, encodeURI(path).replace(/[?#]/g, encodeURIComponent), {
      root: '/',
      dotfiles: 'allow',
      index: false,
      contentType: false,
      cacheControl: false,
      highWaterMark: 256 * 1024,
    })
    if (result.type === 'directory') throw Object.assign(new Error('it is a folder now'), { code: 'EISDIR' })
    if (result.type === 'error' && result.statusCode !== 412 && result.statusCode !== 416) {
      throw Object.assign(new Error('it cannot be sent'), { code: 'ENOENT' })
    }
    // Whether it may be read is known when it is open, not before.
    if (result.stream instanceof ReadStream) await once(result.stream, 'open')
    const fields: Field[] = Object.entries(result.headers)
      .filter(([field]) => !/^content-(length|type|security-policy)$/i.test(field))
      .map(([field, value]) => [field, value])
    if (varies) fields.push(['Vary', 'Accept-Encoding'])
    if (result.type === 'error') {
      const text = Buffer.from(`${result.statusCode}\n`)
      fields.push(['Content-Type', 'text/plain'])
      return { status: result.statusCode, fields, body: text, bodyLength: text.length }
    }
    if (result.statusCode !== 304) fields.push(['Content-Type', await contentType(name)])
    if (coding !== undefined && result.statusCode !== 304) fields.push(['Content-Encoding', coding])
    const bodyLength = Number(result.headers['Content-Length'] ?? 0)
    if (request.method === 'HEAD' || result.statusCode === 304) {
      return { status: result.statusCode, fields, body: new Uint8Array(0), bodyLength }
    }
    return { status: result.statusCode, fields, body: result.stream, bodyLength }
  }
}

/** The same bytes with Vary and without are two answers. */
function cacheKey({ path, varies }: Variant): string {
  return varies ? `${path}\0` : path
}

function isSame(before: Stats, now: Stats): boolean {
  return before.mtimeMs === now.mtimeMs && before.size === now.size && before.ino === now.ino
}

/** The library takes text; a name that is not UTF-8 cannot be sent by it. */
function textPath(path: ByteString): string | undefined {
  if (isAscii(path)) return path
  const text = bytesOf(path).toString('utf8')
  return text.includes('\ufffd') ? undefined : text
}
