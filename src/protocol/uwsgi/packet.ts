// The uwsgi protocol (uWSGI's "The uwsgi Protocol"): a header of four bytes, then names and values. What follows is the
// body, of CONTENT_LENGTH bytes; the answer is an HTTP answer or what a CGI script writes. No I/O.

import { byteStringOf, type ByteString } from '../../bytes/byte-string.ts'
import { ProtocolError } from '../errors.ts'

const headerBytes = 4
/** datasize has 16 bits, and so has the length of each name and value. */
export const longestPacket = 65535

export interface UwsgiModifiers {
  /** Default 0: a WSGI request. 0 to 255. */
  readonly modifier1?: number
  readonly modifier2?: number
}

/** The variables do not fit into one packet: which of them is the largest, for whoever has to be told. */
export class PacketTooLarge extends ProtocolError {
  readonly bytes: number
  readonly largest: ByteString
  constructor(bytes: number, largest: ByteString) {
    super(
      'uwsgi',
      `the variables take ${bytes} bytes; a uwsgi packet holds ${longestPacket}; the largest is ${largest}`,
    )
    this.bytes = bytes
    this.largest = largest
  }
}

/** Throws PacketTooLarge for more than 65535 bytes, and TypeError for a modifier that is no byte. */
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
  for (const [name, value] of variables) size += 4 + name.length + value.length
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
  let largest = ['', ''] as readonly [ByteString, ByteString]
  for (const pair of variables) if (pair[1].length >= largest[1].length) largest = pair
  return largest[0]
}

export interface UwsgiHead {
  readonly modifier1: number
  readonly modifier2: number
  readonly variables: ReadonlyMap<string, ByteString>
  /** What came with the packet: the beginning of the body. */
  readonly rest: Uint8Array
}

/** Collects a packet, which may be cut anywhere; it is never longer than 65539 bytes. */
export class UwsgiPacketDecoder {
  #pending: Uint8Array = new Uint8Array(0)

  /** The head, or undefined while it has not all come. Throws ProtocolError. */
  push(chunk: Uint8Array): UwsgiHead | undefined {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    this.#pending = bytes
    const [modifier1, low, high, modifier2] = bytes
    if (modifier1 === undefined || low === undefined || high === undefined || modifier2 === undefined) return undefined
    const end = headerBytes + low + high * 256
    if (bytes.length < end) return undefined
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
    // As uWSGI does: the last one counts.
    variables.set(name, word())
  }
  return variables
}
