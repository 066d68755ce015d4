// What the cases ask with: an HTTP client that sees whether an answer came whole, and may leave in the middle.

import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { byteStringOf, type ByteString } from '../../../src/bytes/byte-string.ts'

export interface Asked {
  /** Default GET. */
  readonly method?: string
  readonly fields?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** The length of the body is not announced. */
  readonly chunked?: boolean
  /** For connections that are kept. Default: one of its own. */
  readonly agent?: Agent
}

export interface OpenAnswer {
  readonly status: number
  readonly reason: string
  readonly fields: IncomingMessage['headersDistinct']
  /** Reads on until the words have come, and returns all that came. */
  until(words: string): Promise<ByteString>
  /** The rest; `isWhole`: it ended as its framing says. */
  rest(): Promise<{ readonly body: ByteString; readonly isWhole: boolean }>
  /** The client goes away. */
  leave(): void
}

export interface WholeAnswer extends Pick<OpenAnswer, 'status' | 'reason' | 'fields'> {
  readonly body: ByteString
  readonly isWhole: boolean
}

/** For a server to take what it was sent, and to answer. */
const longestMs = 60_000
/** Bodies of unknown length go out in pieces of this many bytes. */
const pieceBytes = 64 * 1024

export async function ask(url: string, asked: Asked = {}): Promise<WholeAnswer> {
  const answer = await openAnswer(url, asked)
  const { status, reason, fields } = answer
  return { status, reason, fields, ...(await answer.rest()) }
}

export function openAnswer(url: string, asked: Asked = {}): Promise<OpenAnswer> {
  const { method = 'GET', fields = {}, body, chunked = false, agent } = asked
  const length = body === undefined || chunked ? {} : { 'Content-Length': body.length }
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const request = send(url, {
      method,
      headers: { ...length, ...fields },
      agent: agent ?? false,
      timeout: longestMs,
      // Of the test's own making.
      rejectUnauthorized: false,
    })
    request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${url}`)))
    // After the answer has begun an error is told by it.
    request.on('error', reject)
    request.on('response', (response) => resolve(new ReadAnswer(response)))
    if (body === undefined) request.end()
    else if (!chunked) request.end(body)
    else {
      for (let at = 0; at < body.length; at += pieceBytes) request.write(body.subarray(at, at + pieceBytes))
      request.end()
    }
  })
}

class ReadAnswer implements OpenAnswer {
  readonly status: number
  readonly reason: string
  readonly fields: IncomingMessage['headersDistinct']
  readonly #response: IncomingMessage
  readonly #chunks: AsyncIterator<Uint8Array>
  #seen: ByteString = ''
  #isOver = false

  constructor(response: IncomingMessage) {
    this.status = response.statusCode ?? 0
    this.reason = response.statusMessage ?? ''
    this.fields = response.headersDistinct
    this.#response = response
    this.#chunks = response[Symbol.asyncIterator]()
    // Also where nobody reads any more.
    response.on('error', () => {})
  }

  async until(words: string): Promise<ByteString> {
    while (!this.#seen.includes(words)) {
      if (!(await this.#readOn())) throw new Error(`the answer ended without ${words.trim()}: ${this.#seen}`)
    }
    return this.#seen
  }

  async rest(): Promise<{ readonly body: ByteString; readonly isWhole: boolean }> {
    while (await this.#readOn());
    return { body: this.#seen, isWhole: this.#response.complete }
  }

  leave(): void {
    this.#response.destroy()
  }

  async #readOn(): Promise<boolean> {
    if (this.#isOver) return false
    try {
      const next = await this.#chunks.next()
      this.#isOver = next.done === true
      if (next.done !== true) this.#seen += byteStringOf(next.value)
    } catch {
      this.#isOver = true // Broken off: `complete` stays false.
    }
    return !this.#isOver
  }
}
