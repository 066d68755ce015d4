// One thread of an application worker, as a connection that it has opened to us (launchers/wsgi/README.md). It takes one
// request at a time; what it says belongs to that request.

import type { Socket } from 'node:net'
import { ProtocolError } from '../../protocol/errors.ts'
import {
  brokenBody,
  encodePartHeader,
  WorkerFrameDecoder,
  type AnswerEnd,
  type Hello,
  type WorkerFrame,
} from '../../protocol/application/frames.ts'

/** Who hears of a request. After `end` or `gone`, nothing more. */
export interface AnswerListener {
  wantsBody(): void
  output(bytes: Uint8Array): void
  /** As much as the head has announced: no output follows. */
  allSent(): void
  diagnostics(bytes: Uint8Array): void
  /** Nothing more of it has come in this read. */
  pause(): void
  end(how: AnswerEnd, exception: string | undefined): void
  /** The connection has closed; `fault`: because it could not be believed any more. */
  gone(fault: string | undefined): void
}

/** What is small is written in one piece; what is larger is never copied. */
const copiedBytes = 16 * 1024

/** Of a body, handed to the connection and not yet taken by the worker. */
const heldBytes = 256 * 1024

const endOfBody = encodePartHeader(0)

export class WorkerConnection {
  readonly #socket: Socket
  readonly #decoder = new WorkerFrameDecoder()
  #listener: AnswerListener | undefined
  #hello: Hello | undefined
  #isClosed = false
  /** A streamed body is there to be asked for. */
  #mayAsk = false
  /** A streamed body has been asked for, and has not been ended yet. */
  #isBodyOpen = false
  /** Called with its first frame, before it may be given anything. */
  onHello: (hello: Hello) => void = () => {}
  onFiles: (paths: readonly string[]) => void = () => {}
  onForked: (pid: number | undefined, error: string | undefined) => void = () => {}
  onEnded: (frame: Extract<WorkerFrame, { kind: 'ended' }>['worker']) => void = () => {}
  /** Called once. */
  onClose: () => void = () => {}

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Uint8Array) => this.#take(chunk))
    socket.on('error', () => this.close())
    socket.once('close', () => this.close())
    socket.unref()
  }

  get hello(): Hello | undefined {
    return this.#hello
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** `request` as `encodeRequest` makes it; with a body of kind `whole`, that too. */
  begin(request: Uint8Array, body: Uint8Array | 'streamed', listener: AnswerListener): void {
    this.#listener = listener
    this.#mayAsk = body === 'streamed'
    this.#socket.ref()
    if (body === 'streamed' || body.length === 0) this.#socket.write(request)
    else this.#write([request, encodePartHeader(body.length)], body)
  }

  /** Resolves when more may be sent, or it is of no use. */
  async sendPart(part: Uint8Array): Promise<void> {
    // An empty one would be the body's end.
    if (part.length === 0 || this.#isClosed || this.#write([encodePartHeader(part.length)], part)) return
    if (this.#socket.writableLength <= heldBytes) return
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        this.#socket.off('drain', settle).off('close', settle)
        resolve()
      }
      this.#socket.on('drain', settle).on('close', settle)
    })
  }

  endBody(how: 'whole' | 'broken'): void {
    if (!this.#isBodyOpen) return
    this.#isBodyOpen = false
    if (!this.#isClosed) this.#socket.write(how === 'whole' ? endOfBody : brokenBody)
  }

  /** Output comes faster than it is taken. */
  hold(): void {
    this.#socket.pause()
  }

  release(): void {
    this.#socket.resume()
  }

  /** Of the process that forks workers. */
  order(frame: Uint8Array): void {
    this.#socket.write(frame)
  }

  close(fault?: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#socket.destroy()
    const listener = this.#listener
    this.#listener = undefined
    listener?.gone(fault)
    this.onClose()
  }

  #take(chunk: Uint8Array): void {
    try {
      for (const frame of this.#decoder.push(chunk)) this.#hear(frame)
      this.#listener?.pause()
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.close(error.message)
    }
  }

  #hear(frame: WorkerFrame): void {
    if (this.#isClosed) return
    switch (frame.kind) {
      case 'output':
        return this.#answering().output(frame.bytes)
      case 'all-sent':
        return this.#answering().allSent()
      case 'diagnostics':
        return this.#answering().diagnostics(frame.bytes)
      case 'end':
        return this.#end(frame.how, frame.exception)
      case 'wants-body':
        return this.#openBody()
      case 'hello':
        if (this.#hello !== undefined) throw new ProtocolError('application', 'a second hello')
        this.#hello = frame.hello
        return this.onHello(frame.hello)
      case 'files':
        return this.onFiles(frame.paths)
      case 'forked':
        return this.onForked(frame.pid, frame.error)
      case 'ended':
        return this.onEnded(frame.worker)
      default:
        return frame satisfies never
    }
  }

  #openBody(): void {
    const listener = this.#answering()
    if (!this.#mayAsk) throw new ProtocolError('application', 'a body is wanted that is not to be had')
    this.#mayAsk = false
    this.#isBodyOpen = true
    listener.wantsBody()
  }

  #end(how: AnswerEnd, exception: string | undefined): void {
    const listener = this.#answering()
    this.#listener = undefined
    this.#socket.unref()
    this.endBody('whole')
    this.#socket.resume()
    listener.end(how, exception)
  }

  /** Security: what nobody has asked for is no part of somebody's answer. */
  #answering(): AnswerListener {
    if (this.#listener === undefined) throw new ProtocolError('application', 'an answer without a request')
    return this.#listener
  }

  /** False: it is to be waited for. */
  #write(head: readonly Uint8Array[], content: Uint8Array): boolean {
    if (content.length <= copiedBytes) return this.#socket.write(Buffer.concat([...head, content]))
    this.#socket.cork()
    for (const bytes of head) this.#socket.write(bytes)
    const hasRoom = this.#socket.write(content)
    this.#socket.uncork()
    return hasRoom
  }
}
