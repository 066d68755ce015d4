// FastCGI 1.0, 3.3: records. Bytes in, records out, and back; no I/O. Lengths are plain numbers, never 16 bits of their
// own (CVE-2026-55203), and content is passed on where it lies, not copied.

import { HeldBytes } from '../../bytes/held-bytes.ts'
import { ProtocolError } from '../errors.ts'

/** FastCGI 8: `FCGI_BEGIN_REQUEST` and so on. */
export const recordTypes = {
  beginRequest: 1,
  abortRequest: 2,
  endRequest: 3,
  params: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
  data: 8,
  getValues: 9,
  getValuesResult: 10,
  unknownType: 11,
} as const

/** FastCGI 3.3: the id of management records, which belong to no request. */
export const managementId = 0

const version = 1
const headerBytes = 8
/** FastCGI 3.3: contentLength has 16 bits. In bytes. */
export const longestContent = 65535
/** FastCGI 3.3: and so has requestId. */
export const largestRequestId = 65535
/** What one record of a stream carries here: the most whose length is a multiple of eight, so that it needs no padding. */
const streamContent = 65528

/** FastCGI 3.3: a record without its padding. */
export interface FastCgiRecord {
  /** 0 to 255; a number of `recordTypes`, or one that nobody knows. */
  readonly type: number
  /** 0 to 65535; 0 is the connection's own (`managementId`). */
  readonly requestId: number
  /** At most 65535 bytes. From a decoder: a view into what was pushed, where the record came in one piece. */
  readonly content: Uint8Array
}

/**
 * One record, padded to a multiple of eight bytes as FastCGI 3.3 advises. Throws TypeError for a type that is no byte, an
 * id past 65535, and a content longer than 65535 bytes. Security: what is past its 16 bits of length would be read as
 * further records (HAProxy's truncation); longer content is `encodeStream`'s.
 */
export function encodeRecord({ type, requestId, content }: FastCgiRecord): Buffer {
  const padding = -content.length & 7
  const bytes = Buffer.allocUnsafe(headerBytes + content.length + padding)
  writeHeader(bytes, 0, type, requestId, content.length, padding)
  bytes.set(content, headerBytes)
  bytes.fill(0, headerBytes + content.length)
  return bytes
}

const zeros = Buffer.alloc(7)

/**
 * A part of a stream, of any length, as padded records (FastCGI 3.3): headers and views of the content in turn, to be written one
 * after the other, so that nothing is copied. An empty content gives nothing, because an empty record is the end of a
 * stream (`encodeStreamEnd`). Throws TypeError for a type that is no byte and an id past 65535.
 */
export function encodeStream(type: number, requestId: number, content: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let at = 0; at < content.length; at += streamContent) {
    const part = at === 0 && content.length <= streamContent ? content : content.subarray(at, at + streamContent)
    const header = Buffer.allocUnsafe(headerBytes)
    // FastCGI 3.3: eight bytes are the unit in which records are read. libfcgi keeps 8192 of them, and drops what is left
    // when a request ends, half a header too.
    const padding = -part.length & 7
    writeHeader(header, 0, type, requestId, part.length, padding)
    parts.push(header, part)
    if (padding > 0) parts.push(zeros.subarray(0, padding))
  }
  return parts
}

/** FastCGI 3.3: a stream ends with an empty record. Throws TypeError as `encodeStream` does. */
export function encodeStreamEnd(type: number, requestId: number): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes)
  writeHeader(bytes, 0, type, requestId, 0, 0)
  return bytes
}

function writeHeader(into: Buffer, at: number, type: number, requestId: number, length: number, padding: number): void {
  if (length > longestContent) throw new TypeError(`a record holds at most ${longestContent} bytes, not ${length}`)
  checkWhole('a record type', type, 255)
  checkWhole('a request id', requestId, largestRequestId)
  into[at] = version
  into[at + 1] = type
  into[at + 2] = requestId >> 8
  into[at + 3] = requestId & 255
  into[at + 4] = length >> 8
  into[at + 5] = length & 255
  into[at + 6] = padding
  into[at + 7] = 0
}

/** What does not fit into its bytes would be written as something else. */
export function checkWhole(what: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new TypeError(`${what} is a whole number from 0 to ${most}, not ${value}`)
  }
}

const streamTypes: ReadonlySet<number> = new Set([
  recordTypes.params,
  recordTypes.stdin,
  recordTypes.stdout,
  recordTypes.stderr,
  recordTypes.data,
])

/**
 * Takes bytes that may be cut anywhere. A record of a stream (FastCGI 3.3) comes out in as many pieces as it came in, none
 * of them empty, because where its records begin and end means nothing; an empty record is a stream's end. Every other
 * record comes out whole. At most one header and one content of 65535 bytes are held back, as copies.
 */
export class RecordDecoder {
  readonly #header = Buffer.alloc(headerBytes)
  #headerFilled = 0
  #type = 0
  #requestId = 0
  #contentLeft = 0
  #paddingLeft = 0
  /** The content of a record that is no stream's and did not come in one piece. */
  readonly #held = new HeldBytes()

  #fault: ProtocolError | undefined

  /** What is wrong with the bytes after the records that `push` has returned, if anything is; nothing comes any more. */
  get fault(): ProtocolError | undefined {
    return this.#fault
  }

  /** Nothing of a record is outstanding: the peer may close here. */
  get isBetweenRecords(): boolean {
    return this.#headerFilled === 0
  }

  /**
   * The records, and pieces of streams, that end in this chunk. A version other than 1 is a `fault`, after which nothing
   * means anything any more; thrown as ProtocolError where no record came before it in the chunk, so that none is lost.
   */
  push(chunk: Uint8Array): readonly FastCgiRecord[] {
    const records: FastCgiRecord[] = []
    try {
      if (this.#fault === undefined) this.#read(chunk, records)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#fault = error
    }
    if (this.#fault !== undefined && records.length === 0) throw this.#fault
    return records
  }

  #read(chunk: Uint8Array, records: FastCgiRecord[]): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#headerFilled < headerBytes) {
        at = this.#fillHeader(chunk, at)
        if (this.#headerFilled < headerBytes) break
        // FastCGI 3.3: an empty content is a record too, whether or not padding follows.
        if (this.#contentLeft === 0) this.#emit(records, Buffer.alloc(0))
      }
      if (this.#contentLeft > 0 && at < chunk.length) {
        const piece = chunk.subarray(at, at + this.#contentLeft)
        at += piece.length
        this.#contentLeft -= piece.length
        this.#emit(records, piece)
      }
      if (this.#contentLeft === 0) {
        const skipped = Math.min(this.#paddingLeft, chunk.length - at)
        at += skipped
        this.#paddingLeft -= skipped
        if (this.#paddingLeft === 0) this.#headerFilled = 0
      }
    }
  }

  #fillHeader(chunk: Uint8Array, from: number): number {
    const header = this.#header
    let at = from
    while (at < chunk.length && this.#headerFilled < headerBytes) header[this.#headerFilled++] = chunk[at++] ?? 0
    // Said at once: whoever speaks another protocol may wait for an answer before it says more.
    if (header[0] !== version) throw new ProtocolError('fastcgi', `a record of version ${header[0]}, expected 1`)
    if (this.#headerFilled === headerBytes) {
      this.#type = header[1] ?? 0
      this.#requestId = header.readUInt16BE(2)
      this.#contentLeft = header.readUInt16BE(4)
      this.#paddingLeft = header[6] ?? 0
    }
    return at
  }

  /** `#contentLeft` is what of the record is still to come after the piece. */
  #emit(records: FastCgiRecord[], piece: Uint8Array): void {
    const [type, requestId] = [this.#type, this.#requestId]
    if (streamTypes.has(type)) {
      records.push({ type, requestId, content: piece })
      return
    }
    const content = this.#held.join(piece)
    const isWhole = this.#contentLeft === 0
    this.#held.keepFrom(isWhole ? content.length : 0)
    if (isWhole) records.push({ type, requestId, content })
  }
}
