// One connection to a FastCGI application, and the requests under way on it (FastCGI 3.3, 5). It tells its owner when a
// request is over; what fails the connection fails every request on it.

import type { ByteString, Bytes } from '../../bytes/byte-string.ts'
import type { GatewayFailure } from '../../events/failures.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import {
  encodeAbortRequest,
  encodeBeginRequest,
  roles,
  type EndRequest,
  type RoleName,
} from '../../protocol/fastcgi/messages.ts'
import { encodeNameValues } from '../../protocol/fastcgi/name-values.ts'
import { encodeStream, encodeStreamEnd, recordTypes } from '../../protocol/fastcgi/record.ts'
import { encodeGetValues, ServerSide, type ServerSideEvent } from '../../protocol/fastcgi/server-side.ts'
import type { PatientSocket } from '../patient-socket.ts'

export interface FastCgiCall {
  readonly role: RoleName
  readonly variables: ReadonlyMap<string, ByteString>
  readonly body: Uint8Array | Bytes
  /** FastCGI 6.4: a filter's file. */
  readonly data?: Bytes | undefined
  /** FCGI_KEEP_CONN. */
  readonly keepsConnection: boolean
}

/** Who hears of a request. After `end` or `fail`, nothing more. */
export interface FastCgiListener {
  stdout(content: Uint8Array): void
  stderr(content: Uint8Array): void
  /** In order: the connection is good for another request where `isWhole`. */
  end(end: EndRequest, isWhole: boolean): void
  /** The connection is gone, or of no use. */
  fail(failure: GatewayFailure): void
}

const nobody: FastCgiListener = { stdout: () => {}, stderr: () => {}, end: () => {}, fail: () => {} }

interface UnderWay {
  listener: FastCgiListener
  isSent: boolean
  isAborted: boolean
  /** Its body is wanted no more. */
  onOver: () => void
  /** Ends the patience with one that goes on after it was aborted. */
  late: NodeJS.Timeout | undefined
}

/** What is small is written in one piece; what is larger is never copied. */
const copiedBytes = 16 * 1024

/** From FCGI_ABORT_REQUEST to the end of the connection, where nothing else is under way on it. */
const abortGraceMs = 500

export class FastCgiConnection {
  readonly #socket: PatientSocket
  readonly #address: string
  readonly #side = new ServerSide()
  readonly #underWay = new Map<number, UnderWay>()
  #onValues: ((values: ReadonlyMap<ByteString, ByteString>) => void) | undefined
  #error: Error | undefined
  #isClosed = false
  #isRetired = false
  /** Requests whose output is not taken as fast as it comes. */
  readonly #holding = new Set<number>()
  /** Called once, when it is of no use any more. */
  onClose: () => void = () => {}
  /** It has brought an answer, or a part of one: somebody has accepted it. */
  hasAnswered = false

  /** `address` is for failures. */
  constructor(socket: PatientSocket, address: string) {
    this.#socket = socket
    this.#address = address
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => {
      this.#error = error
    })
    // An application that says that it will write no more is of no use, whatever it still reads.
    socket.once('end', () => this.close())
    socket.once('close', () => this.close())
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** It takes no further request, and closes when those under way that anybody waits for are over. */
  get isRetired(): boolean {
    return this.#isRetired
  }

  /** Requests under way, aborted ones too. */
  get underWay(): number {
    return this.#underWay.size
  }

  /** A connection that waits for work does not keep the process alive. */
  set keepsProcessAlive(keeps: boolean) {
    if (keeps) this.#socket.ref()
    else this.#socket.unref()
  }

  /** Sends a request; the body goes out while the answer comes in. Returns its id. */
  begin(call: FastCgiCall, listener: FastCgiListener): number {
    const id = this.#side.begin()
    const underWay: UnderWay = { listener, isSent: false, isAborted: false, onOver: () => {}, late: undefined }
    this.#underWay.set(id, underWay)
    // FastCGI 6.3: an authorizer has no body, and its library would read the records of one as something else.
    const end = call.role === 'authorizer' ? [] : [encodeStreamEnd(recordTypes.stdin, id)]
    const head = [
      encodeBeginRequest(id, { role: roles[call.role], keepsConnection: call.keepsConnection }),
      ...encodeStream(recordTypes.params, id, encodeNameValues(call.variables)),
      encodeStreamEnd(recordTypes.params, id),
    ]
    const { body, data } = call
    if (this.#isClosed) {
      // It was closed after it had been lent.
      setImmediate(() => this.#fail({ kind: 'upstream-closed', address: this.#address, code: undefined }))
    } else if (body instanceof Uint8Array && data === undefined) {
      this.#write([...head, ...encodeStream(recordTypes.stdin, id, body), ...end])
      underWay.isSent = true
    } else {
      this.#write(head)
      this.#send(id, call, underWay).catch(() => {
        // Its sender failed, and whoever owns it has been told.
        if (this.#underWay.get(id) === underWay) this.abort(id)
      })
    }
    return id
  }

  /** FastCGI 5.4: nobody wants the answer any more. An application that goes on all the same loses its connection. */
  abort(id: number): void {
    const underWay = this.#underWay.get(id)
    if (underWay === undefined || underWay.isAborted) return
    underWay.isAborted = true
    underWay.onOver()
    this.#write([encodeAbortRequest(id)])
    this.release(id)
    const late = setTimeout(() => {
      if (this.#underWay.get(id) !== underWay) return
      // Whoever waits for others on this connection does not hold up the one who has gone.
      const { listener } = underWay
      underWay.listener = nobody
      listener.fail({ kind: 'upstream-closed', address: this.#address, code: undefined })
      this.retire()
    }, abortGraceMs)
    late.unref()
    underWay.late = late
  }

  /** Others that are under way may have their answers. */
  retire(): void {
    this.#isRetired = true
    this.#closeRetired()
  }

  /** FastCGI 4.1. Resolves to undefined where the connection closes without an answer. */
  getValues(): Promise<ReadonlyMap<ByteString, ByteString> | undefined> {
    return new Promise((resolve) => {
      this.#onValues = resolve
      this.#socket.once('close', () => resolve(undefined))
      this.#write([encodeGetValues()])
    })
  }

  /** The request's output comes faster than it is taken. All wait for it: FastCGI has no window for each. */
  hold(id: number): void {
    if (this.#underWay.get(id)?.isAborted !== false) return
    this.#holding.add(id)
    this.#socket.pause()
  }

  release(id: number): void {
    if (this.#holding.delete(id) && this.#holding.size === 0) this.#socket.resume()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#socket.destroy()
    const code = this.#error !== undefined && 'code' in this.#error ? String(this.#error.code) : undefined
    this.#fail({ kind: 'upstream-closed', address: this.#address, code: code ?? this.#socket.writeFault })
    this.onClose()
  }

  #take(chunk: Uint8Array): void {
    try {
      for (const event of this.#side.push(chunk)) this.#tell(event)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
    }
    const { fault } = this.#side
    if (fault === undefined || this.#isClosed) return
    this.#fail({ kind: 'upstream-fault', address: this.#address, protocol: 'FastCGI', fault: fault.message })
    this.close()
  }

  #tell(event: ServerSideEvent): void {
    if (event.kind === 'values') {
      this.#onValues?.(event.values)
      return
    }
    if (event.kind === 'unknown-type') return
    this.hasAnswered = true
    const underWay = this.#underWay.get(event.requestId)
    if (underWay === undefined) return
    const { listener, isSent, isAborted } = underWay
    switch (event.kind) {
      case 'stdout':
        if (!isAborted) listener.stdout(event.content)
        break
      case 'stderr':
        listener.stderr(event.content)
        break
      case 'end':
        this.#underWay.delete(event.requestId)
        this.release(event.requestId)
        clearTimeout(underWay.late)
        underWay.onOver()
        // What is left of a body that nobody read would be the next request's.
        listener.end(event.end, isSent && !this.#isClosed && this.#side.fault === undefined)
        if (this.#isRetired) this.#closeRetired()
        break
    }
  }

  #fail(failure: GatewayFailure): void {
    const failed = [...this.#underWay.values()]
    this.#underWay.clear()
    for (const { listener, onOver, late } of failed) {
      clearTimeout(late)
      onOver()
      listener.fail(failure)
    }
  }

  #closeRetired(): void {
    for (const { isAborted } of this.#underWay.values()) if (!isAborted) return
    this.close()
  }

  /** FastCGI 6.4: a filter's file after the end of the body. */
  async #send(id: number, { body, data }: FastCgiCall, underWay: UnderWay): Promise<void> {
    const { stdin, data: file } = recordTypes
    if (body instanceof Uint8Array) this.#write([...encodeStream(stdin, id, body), encodeStreamEnd(stdin, id)])
    else if (!(await this.#sendStream(stdin, id, body, underWay))) return
    if (data === undefined || (await this.#sendStream(file, id, data, underWay))) underWay.isSent = true
  }

  /** Resolves to whether all of it has been sent. */
  async #sendStream(type: number, id: number, body: Bytes, underWay: UnderWay): Promise<boolean> {
    const isWanted = (): boolean => this.#underWay.get(id) === underWay && !underWay.isAborted
    const iterator = body[Symbol.asyncIterator]()
    while (isWanted()) {
      const part = await nextOf(iterator, underWay)
      if (!isWanted()) break
      if (part === undefined) {
        this.#write([encodeStreamEnd(type, id)])
        return true
      }
      if (!this.#write(encodeStream(type, id, part))) await this.#drained(underWay)
    }
    // Not waited for: a sender who says nothing more must not hold anything here.
    iterator.return?.().catch(() => {}) // He is told, and it is all the same what he says.
    return false
  }

  /** In one system call. False: the other side does not take them as fast. */
  #write(parts: readonly Uint8Array[]): boolean {
    if (this.#socket.destroyed) return false
    // A gathering write of many small parts costs more than to copy them.
    if (parts.length > 1 && bytesIn(parts) <= copiedBytes) return this.#socket.write(Buffer.concat(parts))
    this.#socket.cork()
    let isTaken = true
    for (const part of parts) isTaken = this.#socket.write(part)
    this.#socket.uncork()
    return isTaken
  }

  /** Resolves when more can be written, or nobody wants it any more. */
  async #drained(underWay: UnderWay): Promise<void> {
    const socket = this.#socket
    if (!socket.writableNeedDrain || socket.destroyed) return
    const over = new Promise<void>((resolve) => {
      underWay.onOver = resolve
    })
    await Promise.race([over, socket.drained()])
  }
}

/** Undefined: its end, or nobody wants it any more. */
function nextOf(iterator: AsyncIterator<Uint8Array>, underWay: UnderWay): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    underWay.onOver = () => resolve(undefined)
    iterator.next().then((result) => resolve(result.done === true ? undefined : result.value), reject)
  })
}

function bytesIn(parts: readonly Uint8Array[]): number {
  let bytes = 0
  for (const part of parts) bytes += part.length
  return bytes
}
