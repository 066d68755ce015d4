// One request of a FastCGI connection: FastCGI 6.2, a responder.

import { bytesOf } from '../bytes/byte-string.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { ApplicationSideEvent } from '../protocol/fastcgi/application-side.ts'
import { encodeStream, encodeStreamEnd, recordTypes } from '../protocol/fastcgi/record.ts'
import { writeAnswerTo, type AnswerSink } from './cgi-answer.ts'
import { FedBody } from './fed-body.ts'
import type { GatewayFrontendOptions } from './gateway-socket.ts'
import { Gone } from './gone.ts'
import type { Outlet } from './outlet.ts'
import { refusalAnswer } from './refusal-answer.ts'
import { readServerVariables, type ServerRequest } from './server-variables.ts'

/** Of a script's standard error, beyond which lines go to our log alone while the web server takes nothing. */
const mostWaitingBytes = 1024 * 1024

export class FastCgiRequest implements AnswerSink {
  readonly requestId: number
  readonly keepsConnection: boolean
  readonly body: FedBody
  readonly #read: ServerRequest | { readonly rejected: string }
  readonly #outlet: Outlet
  readonly #options: GatewayFrontendOptions
  readonly #gone = new Gone()
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
    this.#read = readServerVariables(event.variables, options.passVariables, options.frontMounts)
    const length = 'rejected' in this.#read ? 0 : this.#read.contentLength
    this.body = new FedBody(length, options, onRoom)
  }

  /** Resolves to whether the answer was given whole. */
  async answer(gateway: Pick<Gateway, 'handle'>): Promise<boolean> {
    if ('rejected' in this.#read) {
      return (await writeAnswerTo(this, refusalAnswer(400, this.#read.rejected), 'field')).isWhole
    }
    const { id, requestUri, passed, contentLength, ...named } = this.#read
    const answer = await gateway.handle({
      ...named,
      front: { id, requestUri, variables: passed, onDiagnostic: (line) => this.#sayDiagnostic(line) },
      body: this.body,
      // A server that says no length may have no body: the end of the stream then comes with the variables.
      bodyLength: contentLength ?? ((await this.#hasBody()) ? undefined : 0),
      signal: this.#gone,
    })
    const written = await writeAnswerTo(this, answer, 'field')
    this.#isOver = true
    answer.delivered(written)
    return written.isWhole
  }

  /** FastCGI 5.4, or the connection is gone. */
  abort(): void {
    this.body.breakOff()
    this.#gone.abort()
  }

  get isAborted(): boolean {
    return this.#gone.aborted
  }

  get isGone(): boolean {
    return this.#gone.aborted || this.#outlet.isGone
  }

  write(parts: readonly Uint8Array[]): void {
    this.#outlet.write(parts.flatMap((part) => encodeStream(recordTypes.stdout, this.requestId, part)))
  }

  ready(): Promise<void> {
    return this.#outlet.ready()
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
