// SCGI, "A Replacement for the Common Gateway Interface (CGI) Protocol": the head of a request, a netstring of names and
// values. What follows it is the body; the answer has no protocol of its own, but is what a CGI script writes. No I/O.

import { byteStringOf, bytesOf, type ByteString } from '../../bytes/byte-string.ts'
import { ProtocolError } from '../errors.ts'

/**
 * "Request Format": CONTENT_LENGTH is the first variable and always there, then comes SCGI=1, then the others. Throws
 * TypeError for a NUL in a name or value, or an empty name, which the format cannot say.
 */
export function encodeScgiHead(variables: ReadonlyMap<string, ByteString>): Buffer {
  const length = variables.get('CONTENT_LENGTH')
  let pairs = `CONTENT_LENGTH\0${length === undefined || length === '' ? '0' : length}\0SCGI\x001\0`
  for (const [name, value] of variables) {
    if (name === 'CONTENT_LENGTH' || name === 'SCGI') continue
    if (name === '' || name.includes('\0') || value.includes('\0')) {
      throw new TypeError(`SCGI cannot say the variable ${JSON.stringify(name)}: its name is empty, or it holds a NUL`)
    }
    pairs += `${name}\0${value}\0`
  }
  return bytesOf(`${pairs.length}:${pairs},`)
}

export interface ScgiHead {
  /** Without SCGI itself. */
  readonly variables: ReadonlyMap<string, ByteString>
  /** Of the body. */
  readonly contentLength: number
  /** What came with the head: the beginning of the body. */
  readonly rest: Uint8Array
}

/** Collects the head of a request, which may be cut anywhere. */
export class ScgiHeadDecoder {
  readonly #maxBytes: number
  #pending: Uint8Array = new Uint8Array(0)

  /** `maxBytes` bounds the netstring's content. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The head, or undefined while it has not all come. Throws ProtocolError. */
  push(chunk: Uint8Array): ScgiHead | undefined {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    this.#pending = bytes
    const digits = /^(?:0|[1-9]\d{0,8})?/.exec(byteStringOf(bytes.subarray(0, 10)))?.[0] ?? ''
    if (digits.length === bytes.length && bytes.length < 10) return undefined
    if (digits === '' || bytes[digits.length] !== 58) {
      throw new ProtocolError('scgi', 'the request does not begin with the length of a netstring')
    }
    const length = Number(digits)
    // Before anything is kept for it.
    if (length > this.#maxBytes) throw new ProtocolError('scgi', `the variables take more than ${this.#maxBytes} bytes`)
    const start = digits.length + 1
    const end = start + length
    if (bytes.length <= end) return undefined
    if (bytes[end] !== 44) throw new ProtocolError('scgi', 'the netstring does not end with a comma')
    const variables = readPairs(byteStringOf(bytes.subarray(start, end)))
    return { ...variables, rest: bytes.subarray(end + 1) }
  }
}

function readPairs(text: ByteString): Omit<ScgiHead, 'rest'> {
  const words = text.split('\0')
  if (words.pop() !== '' || words.length % 2 !== 0) {
    throw new ProtocolError('scgi', 'the variables are not names and values that each end with a NUL')
  }
  const variables = new Map<string, ByteString>()
  for (let at = 0; at < words.length; at += 2) {
    const [name = '', value = ''] = [words[at], words[at + 1]]
    if (name === '') throw new ProtocolError('scgi', 'a variable without a name')
    // "Duplicate names are not allowed in the headers."
    if (variables.has(name)) throw new ProtocolError('scgi', `the variable ${JSON.stringify(name)} stands twice`)
    variables.set(name, value)
  }
  const length = variables.get('CONTENT_LENGTH')
  if (words[0] !== 'CONTENT_LENGTH' || length === undefined || !/^\d{1,15}$/.test(length)) {
    throw new ProtocolError('scgi', 'CONTENT_LENGTH is not the first variable, or is no number')
  }
  if (variables.get('SCGI') !== '1') throw new ProtocolError('scgi', 'there is no variable SCGI of the value 1')
  variables.delete('SCGI')
  return { variables, contentLength: Number(length) }
}
