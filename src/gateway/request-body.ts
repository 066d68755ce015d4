// A request's body on its way to a script: its length is always known when the script starts (RFC 3875 4.2), small
// bodies are whole, large ones stream, those of unknown length are spooled, and none is longer than it may be.

import type { Bytes } from '../bytes/byte-string.ts'
import { BodyTooLarge, spoolBody, SpooledFile } from '../transport/spool.ts'

export interface BodyLimits {
  readonly maxBodyBytes: number
  readonly spoolMemoryBytes: number
}

export interface PreparedBody {
  readonly body: Uint8Array | Bytes
  /** The file that it lies in, to be closed on every path out; a program that has started holds a descriptor itself. */
  readonly spooled: SpooledFile | undefined
  /** Undefined: the request has none. */
  readonly length: number | undefined
}

export type BodyRefusal = { readonly refused: 400 | 408 | 413; readonly why: string }

/** A client that sent less than it announced, or too slowly. Frontends throw it from a body's iteration. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly status: 400 | 408
  constructor(status: 400 | 408, message: string) {
    super(message)
    this.status = status
  }
}

/** Small bodies are read first, so that a slow sender does not hold a running script; but not before they are wanted. */
const wholeBytes = 64 * 1024

export async function prepareBody(
  source: Bytes,
  length: number | undefined,
  limits: BodyLimits,
  awaitsContinue: boolean = false,
): Promise<PreparedBody | BodyRefusal> {
  if (length !== undefined && length > limits.maxBodyBytes) return tooLarge(limits)
  if (length === 0) return { body: new Uint8Array(0), length, spooled: undefined }
  if (length !== undefined && (length > wholeBytes || awaitsContinue))
    return { body: new StreamedBody(source, length), length, spooled: undefined }
  try {
    const bounds = { memoryBytes: limits.spoolMemoryBytes, maxBytes: length ?? limits.maxBodyBytes }
    const body = await spoolBody(source, bounds)
    const spooled = body instanceof SpooledFile ? body : undefined
    if (length === undefined || body.length === length) return { body, length: body.length, spooled }
    await spooled?.[Symbol.asyncDispose]()
    return { refused: 400, why: 'the body is shorter than announced' }
  } catch (error) {
    if (error instanceof BodyTooLarge) return tooLarge(limits)
    if (error instanceof BodyError) return { refused: error.status, why: error.message }
    throw error
  }
}

/** A large body on its way. A script must never take the beginning of one, whose sender failed, for the whole. */
export class StreamedBody implements Bytes {
  readonly #source: Bytes
  readonly #length: number
  /** Why its sender failed, if it did. */
  fault: BodyError | undefined
  /** Called at once then, before the script can see the end of its input. */
  onFault: () => void = () => {}

  constructor(source: Bytes, length: number) {
    this.#source = source
    this.#length = length
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* exactly(this.#source, this.#length)
    } catch (error) {
      this.fault = error instanceof BodyError ? error : new BodyError(400, 'the client broke the body off')
      this.onFault()
      throw error
    }
  }
}

/** RFC 3875 4.2: never a byte more than CONTENT_LENGTH. */
async function* exactly(source: Bytes, length: number): AsyncGenerator<Uint8Array> {
  let left = length
  for await (const chunk of source) {
    yield chunk.length > left ? chunk.subarray(0, left) : chunk
    left -= chunk.length
    if (left <= 0) return
  }
  // Whatever its source takes for an end.
  throw new BodyError(400, 'the body is shorter than announced')
}

function tooLarge({ maxBodyBytes }: BodyLimits): BodyRefusal {
  return { refused: 413, why: `the request body is larger than ${maxBodyBytes} bytes` }
}
