// The uwsgi protocol (uWSGI's "The uwsgi Protocol"): a header of four bytes, then names and values. What follows is the
// body, of CONTENT_LENGTH bytes; the answer is an HTTP answer or what a CGI script writes. No I/O.

import { byteStringOf, isByteString, type ByteString } from '../../bytes/byte-string.ts'
import { HeldBytes } from '../../bytes/held-bytes.ts'
import { ProtocolError } from '../errors.ts'

const headerBytes = 4
/** Bytes of variables: datasize has 16 bits, and so has the length of each name and value. */
export const longestPacket = 65535

/** What the packet is, and for which of the server's plugins. */
export interface UwsgiModifiers {
  /** 0 to 255; default 0: a request to a WSGI application. */
  readonly modifier1?: number
  /** 0 to 255; default 0. */
  readonly modifier2?: number
}

/** Thrown on encoding: the variables do not fit into one packet; which of them is the largest, for whoever has to be told. */
export class PacketTooLarge extends ProtocolError {
  /** That the variables would take. */
  readonly bytes: number
  /** The name of the variable that takes most of them. */
  readonly largest: ByteString
  constructor(bytes: number, largest: ByteString) {
    super(
      'uwsgi',
      `the variables take ${bytes} bytes; a uwsgi packet holds ${longestPacket}; the largest is ${largest.slice(0, 200)}`,
    )
    this.bytes = bytes
    this.largest = largest
  }
}

/**
 * The header and the variables; the body follows as it is. Security: CVE-2020-11984: throws PacketTooLarge for more than
 * 65535 bytes, rather than to write a length that is another's. Throws TypeError for a modifier that is no byte, an empty
 * name (uWSGI drops the whole request) and a character that is no byte.
 */
export function encodeUwsgiPacket(
  variables: ReadonlyMap<string, ByteString>,
  { modifier1 = 0, modifier2 = 0 }: UwsgiModifiers = {},
): Buffer {
  for (const modifier of [modifier1, modifier2]) {
    if (!Number.isInteger(modifier) || modifier < 0 || modifier > 255) {
      throw new TypeError(`a modifier is 0 to 255, not ${modifier}`)
    }
  }
  let size = 0
  for (const [name, value] of variables) {
    if (name === '' || !isByteString(name) || !isByteString(value)) {
      const which = JSON.stringify(name.slice(0, 200))
      throw new TypeError(`the variable ${which}: its name is empty, or a character is no byte`)
    }
    size += 4 + name.length + value.length
  }
  if (size > longestPacket) throw new PacketTooLarge(size, largestOf(variables))
  const bytes = Buffer.allocUnsafe(headerBytes + size)
  bytes.writeUInt8(modifier1, 0)
  bytes.writeUInt16LE(size, 1)
  bytes.writeUInt8(modifier2, 3)
  let at = headerBytes
  for (const pair of variables) {
    for (const word of pair) {
      at = bytes.writeUInt16LE(word.length, at)
      at += bytes.write(word, at, 'latin1')
    }
  }
  return bytes
}

function largestOf(variables: ReadonlyMap<string, ByteString>): ByteString {
  let [largest, most] = ['', 0]
  for (const [name, value] of variables) {
    if (name.length + value.length > most) [largest, most] = [name, name.length + value.length]
  }
  return largest
}

/** What a packet says. */
export interface UwsgiHead {
  /** 0 to 255. */
  readonly modifier1: number
  /** 0 to 255. */
  readonly modifier2: number
  /** Of a name that stands twice the last value counts, as in uWSGI. */
  readonly variables: ReadonlyMap<string, ByteString>
  /** What came with the packet: the beginning of the body. */
  readonly rest: Uint8Array
}

/** Collects one packet, which may be cut anywhere; it is never longer than 65539 bytes, and that much is held back at most. */
export class UwsgiPacketDecoder {
  readonly #held = new HeldBytes()
  #isDone = false

  /**
   * The head, or undefined while it has not all come. Throws ProtocolError for names and values that do not fill the packet
   * exactly, and for an empty name; TypeError once the head has been given: what follows is the body.
   */
  push(chunk: Uint8Array): UwsgiHead | undefined {
    if (this.#isDone) throw new TypeError('the packet is complete: what follows is the body')
    const bytes = this.#held.join(chunk)
    const [modifier1, low, high, modifier2] = [bytes[0], bytes[1], bytes[2], bytes[3]]
    const end = headerBytes + (low ?? 0) + (high ?? 0) * 256
    if (modifier1 === undefined || modifier2 === undefined || bytes.length < end) {
      this.#held.keepFrom(0)
      return undefined
    }
    this.#isDone = true
    const variables = readPairs(bytes.subarray(headerBytes, end))
    return { modifier1, modifier2, variables, rest: bytes.subarray(end) }
  }
}

function readPairs(bytes: Uint8Array): Map<string, ByteString> {
  const variables = new Map<string, ByteString>()
  let at = 0
  const word = (): ByteString => {
    const [low, high] = [bytes[at], bytes[at + 1]]
    const end = at + 2 + (low ?? 0) + (high ?? 0) * 256
    if (low === undefined || high === undefined || end > bytes.length) {
      throw new ProtocolError('uwsgi', 'a name or value is longer than the packet')
    }
    const text = byteStringOf(bytes.subarray(at + 2, end))
    at = end
    return text
  }
  while (at < bytes.length) {
    const name = word()
    // As uWSGI does.
    if (name === '') throw new ProtocolError('uwsgi', 'a variable without a name')
    variables.set(name, word())
  }
  return variables
}
