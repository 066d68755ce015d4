// SCGI, "A Replacement for the Common Gateway Interface (CGI) Protocol": the head of a request, a netstring of names and
// values. What follows it is the body; the answer has no protocol of its own, but is what a CGI script writes. No I/O.

import { byteStringOf, bytesOf, isByteString, type ByteString } from '../../bytes/byte-string.ts'
import { HeldBytes } from '../../bytes/held-bytes.ts'
import { ProtocolError } from '../errors.ts'

/** 999999999 bytes; and a peer that sends digits for ever is found out. */
const longestDigits = 9

/**
 * "Request Format": CONTENT_LENGTH is the first variable and always there (0 where it is missing or empty), then comes
 * SCGI=1, then the others. Throws TypeError for what the format cannot say: a NUL in a name or value, an empty name, a
 * character that is no byte, a CONTENT_LENGTH that is not digits.
 */
export function encodeScgiHead(variables: ReadonlyMap<string, ByteString>): Buffer {
  const length = variables.get('CONTENT_LENGTH') || '0'
  if (!contentLength.test(length)) throw new TypeError(`CONTENT_LENGTH is no number: ${JSON.stringify(length)}`)
  let pairs = `CONTENT_LENGTH\0${length}\0SCGI\x001\0`
  for (const [name, value] of variables) {
    if (name === 'CONTENT_LENGTH' || name === 'SCGI') continue
    // Security: a NUL begins another variable; so does what becomes a NUL when its high bits are lost.
    if (name === '' || !isWord(name) || !isWord(value)) {
      const which = JSON.stringify(name.slice(0, 200))
      throw new TypeError(`the variable ${which}: its name is empty, or it holds a NUL or a character that is no byte`)
    }
    pairs += `${name}\0${value}\0`
  }
  return bytesOf(`${pairs.length}:${pairs},`)
}

/** As many digits as a number holds exactly. */
const contentLength = /^\d{1,15}$/
const [comma, colon, zero, nine] = [44, 58, 48, 57]

function isWord(text: ByteString): boolean {
  return !text.includes('\0') && isByteString(text)
}

/** What the head of a request says. */
export interface ScgiHead {
  /** CONTENT_LENGTH first; without SCGI itself. */
  readonly variables: ReadonlyMap<string, ByteString>
  /** Bytes of the body. */
  readonly contentLength: number
  /** What came with the head: the beginning of the body. */
  readonly rest: Uint8Array
}

/** Collects the head of one request, which may be cut anywhere. */
export class ScgiHeadDecoder {
  readonly #maxBytes: number
  readonly #held = new HeldBytes()
  #isDone = false

  /** `maxBytes` bounds the netstring's content, and what is held back. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /**
   * The head, or undefined while it has not all come. Throws ProtocolError for what is no SCGI request, and for one whose
   * length, once it is announced, is past the limit; TypeError once the head has been given: what follows is the body.
   */
  push(chunk: Uint8Array): ScgiHead | undefined {
    if (this.#isDone) throw new TypeError('the head is complete: what follows is the body')
    const bytes = this.#held.join(chunk)
    const start = this.#readStart(bytes)
    if (start === undefined || bytes.length <= start.end) {
      this.#held.keepFrom(0)
      return undefined
    }
    if (bytes[start.end] !== comma) throw new ProtocolError('scgi', 'the netstring does not end with a comma')
    this.#isDone = true
    const pairs = readPairs(byteStringOf(bytes.subarray(start.content, start.end)))
    return { variables: pairs.variables, contentLength: pairs.contentLength, rest: bytes.subarray(start.end + 1) }
  }

  /** Where the netstring's content begins and ends. */
  #readStart(bytes: Uint8Array): { readonly content: number; readonly end: number } | undefined {
    let length = 0
    let at = 0
    for (let byte = bytes[at]; byte !== colon; byte = bytes[++at]) {
      if (byte === undefined) return undefined
      // A netstring's length has no zeros before it.
      if (byte < zero || byte > nine || at === longestDigits || (at === 1 && length === 0)) {
        throw new ProtocolError('scgi', 'the request does not begin with the length of a netstring')
      }
      length = length * 10 + byte - zero
    }
    if (at === 0) throw new ProtocolError('scgi', 'the request does not begin with the length of a netstring')
    // Before anything is kept for it.
    if (length > this.#maxBytes) throw new ProtocolError('scgi', `the variables take more than ${this.#maxBytes} bytes`)
    return { content: at + 1, end: at + 1 + length }
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
    if (variables.has(name))
      throw new ProtocolError('scgi', `the variable ${JSON.stringify(name.slice(0, 200))} stands twice`)
    variables.set(name, value)
  }
  const length = variables.get('CONTENT_LENGTH')
  if (words[0] !== 'CONTENT_LENGTH' || length === undefined || !contentLength.test(length)) {
    throw new ProtocolError('scgi', 'CONTENT_LENGTH is not the first variable, or is no number')
  }
  if (variables.get('SCGI') !== '1') throw new ProtocolError('scgi', 'there is no variable SCGI of the value 1')
  variables.delete('SCGI')
  return { variables, contentLength: Number(length) }
}
