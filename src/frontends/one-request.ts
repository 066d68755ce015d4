// A connection with one request, as SCGI and uwsgi have it: variables, the body, and the answer until the connection is
// closed. What differs is the head and how the status is said.

import type { Socket } from 'node:net'
import type { Gateway } from '../gateway/gateway.ts'
import { ProtocolError } from '../protocol/errors.ts'
import { writeAnswerTo, type AnswerSink, type StatusForm } from './cgi-answer.ts'
import { FedBody } from './fed-body.ts'
import type { GatewayConnection, GatewayFrontendOptions } from './gateway-socket.ts'
import { Gone } from './gone.ts'
import { linger } from './linger.ts'
import type { NoticesOnce } from './notices-once.ts'
import { Outlet } from './outlet.ts'
import { refusalAnswer } from './refusal-answer.ts'
import { factsOf, readServerVariables, type ServerRequest, type ServerVariables } from './server-variables.ts'

export interface OneRequestHead {
  readonly variables: ServerVariables
  /** What came with the head: the beginning of the body. */
  readonly rest: Uint8Array
  /** Why it is not answered, whatever its variables say. */
  readonly refused?: { readonly status: number; readonly why: string }
}

export interface OneRequestProtocol {
  readonly name: string
  readonly statusForm: StatusForm
  /** The head, or undefined while it has not all come. Throws ProtocolError. */
  push(chunk: Uint8Array): OneRequestHead | undefined
}

export class OneRequestConnection implements GatewayConnection {
  readonly #gateway: Pick<Gateway, 'handle'>
  readonly #socket: Socket
  readonly #options: GatewayFrontendOptions
  readonly #notices: NoticesOnce
  readonly #protocol: OneRequestProtocol
  readonly #outlet: Outlet
  readonly #gone = new Gone()
  readonly #headTimer: NodeJS.Timeout | undefined
  #body: FedBody | undefined
  #isOver = false

  constructor(
    gateway: Pick<Gateway, 'handle'>,
    socket: Socket,
    protocol: OneRequestProtocol,
    options: GatewayFrontendOptions,
    notices: NoticesOnce,
  ) {
    this.#gateway = gateway
    this.#socket = socket
    this.#options = options
    this.#notices = notices
    this.#protocol = protocol
    this.#outlet = new Outlet(socket, options.sendTimeoutMs)
    if (options.headerTimeoutMs > 0) {
      this.#headTimer = setTimeout(
        () => this.#closeUnanswered('a request did not all come (headerTimeout)'),
        options.headerTimeoutMs,
      )
    }
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    // Web servers do not half-close (docs/decisions/0010-half-closed-clients-are-gone.md).
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(this.#headTimer)
      this.#body?.breakOff()
      // After the answer a script may go on.
      if (!this.#isOver) this.#gone.abort()
    })
  }

  /** One that has not begun a request never will; any other is closed after its answer as it is. */
  close(): void {
    if (this.#body === undefined) this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    if (this.#isOver) return
    if (this.#body !== undefined) {
      this.#feed(this.#body, chunk)
      return
    }
    let head: OneRequestHead | undefined
    try {
      head = this.#protocol.push(chunk)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#closeUnanswered(error.message)
      return
    }
    if (head !== undefined) this.#begin(head)
  }

  #feed(body: FedBody, chunk: Uint8Array): void {
    body.push(chunk)
    if (body.isFull) this.#socket.pause()
  }

  #begin(head: OneRequestHead): void {
    clearTimeout(this.#headTimer)
    const read = readServerVariables(head.variables, this.#options.passVariables, this.#options.frontMounts)
    // Without a length nothing says where a body ends, so that there is none.
    const length = 'rejected' in read ? 0 : (read.contentLength ?? 0)
    const body = new FedBody(length, this.#options, () => this.#socket.resume())
    this.#body = body
    this.#feed(body, head.rest)
    this.#answer(head, read, body, length)
      .catch((error: unknown) => {
        // A bug, ours or an observer's: it costs this connection, not the whole process.
        process.emitWarning(error instanceof Error ? error : String(error))
        this.#socket.destroy()
      })
      .finally(() => void body.drop())
  }

  async #answer(
    head: OneRequestHead,
    read: ServerRequest | { readonly rejected: string },
    body: FedBody,
    bodyLength: number,
  ): Promise<void> {
    const { statusForm } = this.#protocol
    const sink = this.#sink(body)
    const refused = head.refused ?? ('rejected' in read ? { status: 400, why: read.rejected } : undefined)
    if (refused !== undefined || 'rejected' in read) {
      const { status, why } = refused ?? { status: 400, why: '' }
      this.#notices.tell(`a request by ${this.#protocol.name} was refused: ${why}`)
      await writeAnswerTo(sink, refusalAnswer(status, why), statusForm)
      this.#end(true)
      return
    }
    const signal = this.#gone
    const facts = factsOf(read, { part: undefined, onDiagnostic: undefined, body, bodyLength, signal })
    const answer = await this.#gateway.handle(facts)
    const written = await writeAnswerTo(sink, answer, statusForm)
    if (this.#isOver) {
      answer.delivered(written)
      return
    }
    await this.#outlet.flushed()
    answer.delivered({ ...written, clientGone: written.clientGone || this.#outlet.isGone })
    this.#end(written.isWhole)
  }

  #sink(body: FedBody): AnswerSink {
    const outlet = this.#outlet
    return {
      body,
      get isGone() {
        return outlet.isGone
      },
      write: (parts) => outlet.write(parts),
      ready: () => outlet.ready(),
      endEarly: async () => {
        // More of it would be let pass, and the script would wait for it.
        if (!body.isComplete) return false
        await outlet.flushed()
        if (outlet.isGone) return false
        this.#end(true)
        return true
      },
    }
  }

  #end(isWhole: boolean): void {
    this.#isOver = true
    if (isWhole) {
      linger(this.#socket, this.#options.sendTimeoutMs)
      return
    }
    this.#gone.abort()
    this.#breakOff()
  }

  /**
   * The end of the connection is the end of an answer, so that only a reset says that it is not whole. Unix sockets have
   * none: there a web server can tell by Content-Length alone.
   */
  #breakOff(): void {
    if (this.#socket.destroyed) return
    if (this.#socket.remoteAddress === undefined) this.#socket.destroySoon()
    else this.#socket.resetAndDestroy()
  }

  #closeUnanswered(why: string): void {
    this.#notices.tell(`a connection by ${this.#protocol.name} was closed: ${why}`)
    this.#socket.destroy()
  }
}
