// One request of a FastCGI connection: FastCGI 6.2 to 6.4, to a responder, an authorizer or a filter.

import type { Answering } from '../gateway/request-facts.ts'
import { bytesOf } from '../bytes/byte-string.ts'
import type { Part } from '../executors/executor.ts'
import type { ApplicationSideEvent } from '../protocol/fastcgi/application-side.ts'
import { encodeStream, encodeStreamEnd, recordTypes } from '../protocol/fastcgi/record.ts'
import { readAuthorizerVariables } from './authorizer-request.ts'
import { writeAnswerTo, type AnswerSink } from './cgi-answer.ts'
import { FedBody } from './fed-body.ts'
import { readFilterData } from './filter-data.ts'
import type { GatewayFrontendOptions } from './gateway-socket.ts'
import { Gone } from './gone.ts'
import type { Outlet } from './outlet.ts'
import { refusalAnswer } from './refusal-answer.ts'
import { factsOf, readServerVariables, type ServerRequest } from './server-variables.ts'

/** Of a script's standard error, beyond which lines go to our log alone while the web server takes nothing. */
const mostWaitingBytes = 1024 * 1024

/** A head and a body that are no longer are copied into one record: less to write and to read than one for each. */
const inOneRecord = 16 * 1024

export class FastCgiRequest implements AnswerSink {
  readonly requestId: number
  readonly keepsConnection: boolean
  readonly body: FedBody
  readonly #read: ServerRequest | { readonly rejected: string }
  readonly #part: Part | undefined
  /** FastCGI 6.4: a filter's file. */
  readonly #data: FedBody | undefined
  readonly #outlet: Outlet
  readonly #options: GatewayFrontendOptions
  readonly #gone = new Gone()
  #endEarly: () => void = () => {}
  #saidDiagnostics = false
  #isOver = false

  constructor(
    event: Extract<ApplicationSideEvent, { kind: 'request' }>,
    outlet: Outlet,
    options: GatewayFrontendOptions,
    onRoom: () => void,
  ) {
    this.requestId = event.requestId
    this.keepsConnection = event.keepsConnection
    this.#outlet = outlet
    this.#options = options
    const { role } = event
    const { variables } = event
    const { passVariables, frontMounts } = options
    const read =
      role === 'authorizer'
        ? readAuthorizerVariables(variables, passVariables)
        : readServerVariables(variables, passVariables, frontMounts)
    const data = role === 'filter' ? readFilterData(variables, options, onRoom) : undefined
    this.#read = data !== undefined && 'rejected' in data ? data : read
    if (role === 'authorizer') this.#part = { role }
    else if (role === 'filter' && data !== undefined && !('rejected' in data)) {
      this.#part = { role, data }
      this.#data = data.body
    }
    // FastCGI 6.3: an authorizer has no body, and need not be told the end of one.
    const length = 'rejected' in this.#read || role === 'authorizer' ? 0 : this.#read.contentLength
    this.body = new FedBody(length, options, onRoom)
  }

  /** A part of one of its streams. */
  take(stream: 'stdin' | 'data', content: Uint8Array): void {
    const body = stream === 'stdin' ? this.body : this.#data
    body?.push(content)
  }

  takeEnd(stream: 'stdin' | 'data'): void {
    const body = stream === 'stdin' ? this.body : this.#data
    body?.end()
  }

  /** Nothing more should be taken from the connection now. */
  get isFull(): boolean {
    return this.body.isFull || this.#data?.isFull === true
  }

  /** Nobody will read its streams any more. */
  drop(): void {
    void this.body.drop()
    void this.#data?.drop()
  }

  /** Resolves to whether the answer was given whole. `endEarly` is called where it is whole before its script has ended. */
  async answer(gateway: Answering, endEarly: () => void): Promise<boolean> {
    this.#endEarly = endEarly
    if ('rejected' in this.#read) {
      return (await writeAnswerTo(this, refusalAnswer(400, this.#read.rejected), 'field')).isWhole
    }
    const { contentLength } = this.#read
    // A server that says no length may have no body: the end of the stream then comes with the variables.
    const bodyLength =
      this.#part?.role === 'authorizer' ? 0 : (contentLength ?? ((await this.#hasBody()) ? undefined : 0))
    const facts = factsOf(this.#read, {
      part: this.#part,
      onDiagnostic: (line) => this.#sayDiagnostic(line),
      body: this.body,
      bodyLength,
      signal: this.#gone,
    })
    const answer = await gateway.handle(facts)
    // FastCGI 6.4: a filter says nothing before it has all of its standard input.
    if (this.#data !== undefined) await this.body.completed()
    const written = await writeAnswerTo(this, answer, 'field')
    this.#isOver = true
    answer.delivered(written)
    // FastCGI 6.4: the answer must say that a part of the file was missing, whatever was made of the rest.
    return written.isWhole && this.#data?.isBroken !== true
  }

  /** FastCGI 5.4, or the connection is gone. */
  abort(): void {
    this.body.breakOff()
    this.#data?.breakOff()
    this.#gone.abort()
  }

  get isAborted(): boolean {
    return this.#gone.aborted
  }

  get isGone(): boolean {
    return this.#gone.aborted || this.#outlet.isGone
  }

  write(parts: readonly Uint8Array[]): void {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0)
    const joined = parts.length > 1 && bytes <= inOneRecord ? [Buffer.concat(parts, bytes)] : parts
    this.#outlet.write(joined.flatMap((part) => encodeStream(recordTypes.stdout, this.requestId, part)))
  }

  ready(): Promise<void> {
    return this.#outlet.ready()
  }

  endEarly(): Promise<boolean> {
    // More of its streams would be let pass, and the script would wait for it.
    const isRead = this.body.isComplete && this.#data?.isComplete !== false && this.#data?.isBroken !== true
    // Security: FastCGI 6.3: an authorizer's yes counts once it has ended well.
    if (!isRead || this.#part?.role === 'authorizer') return Promise.resolve(false)
    // Its id may be another's soon.
    this.#isOver = true
    this.#endEarly()
    return Promise.resolve(true)
  }

  /** FastCGI 5.3: a stream that was used is ended; one that was not need not be. */
  streamEnds(): readonly Uint8Array[] {
    const ends = [encodeStreamEnd(recordTypes.stdout, this.requestId)]
    return this.#saidDiagnostics ? [...ends, encodeStreamEnd(recordTypes.stderr, this.requestId)] : ends
  }

  #sayDiagnostic(line: string): void {
    if (this.#isOver || this.isGone || this.#outlet.waiting > mostWaitingBytes) return
    this.#saidDiagnostics = true
    this.#outlet.write(encodeStream(recordTypes.stderr, this.requestId, bytesOf(`${line}\n`)))
  }

  async #hasBody(): Promise<boolean> {
    // What has come with the variables is followed first: mostly the end of the stream.
    await Promise.resolve()
    if (this.body.isComplete) return this.body.hasBegun()
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<true>((resolve) => {
      // Somebody slow: the gateway waits for the rest of it by its own limits.
      if (this.#options.headerTimeoutMs > 0) timer = setTimeout(() => resolve(true), this.#options.headerTimeoutMs)
    })
    const result = await Promise.race([this.body.hasBegun(), limit])
    clearTimeout(timer)
    return result
  }
}
