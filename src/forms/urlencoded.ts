// application/x-www-form-urlencoded, URL Standard 5.1, a body cut anywhere: bytes in, names and values as bytes out. It
// holds one name and its value at most.

import { tooLarge } from './form-error.ts'
import { GrowingBytes } from './growing-bytes.ts'
import type { FormLimits } from './limits.ts'

export interface NameAndValue {
  readonly name: Uint8Array
  readonly value: Uint8Array
}

const ampersand = 0x26
const equalsSign = 0x3d
const plus = 0x2b
const percent = 0x25
const space = 0x20

export class UrlencodedDecoder {
  readonly #limits: FormLimits
  readonly #held = new GrowingBytes()
  #fields = 0

  constructor(limits: FormLimits) {
    this.#limits = limits
  }

  /** Throws FormError. */
  *push(chunk: Uint8Array): Generator<NameAndValue> {
    let at = 0
    for (let end = chunk.indexOf(ampersand); end !== -1; end = chunk.indexOf(ampersand, at)) {
      // Security: empty ones count too. A body of ampersands alone would keep this loop busy for minutes.
      if (++this.#fields > this.#limits.maxFields) throw tooLarge('maxFields', this.#limits)
      if (end > at) this.#hold(chunk.subarray(at, end))
      if (this.#held.length > 0) yield this.#ended()
      at = end + 1
    }
    this.#hold(chunk.subarray(at))
  }

  /** The body has ended, and with it the last sequence. */
  *end(): Generator<NameAndValue> {
    if (this.#held.length === 0) return
    if (++this.#fields > this.#limits.maxFields) throw tooLarge('maxFields', this.#limits)
    yield this.#ended()
  }

  #ended(): NameAndValue {
    const sequence = this.#held.take()
    const split = sequence.indexOf(equalsSign)
    const name = percentDecode(split === -1 ? sequence : sequence.subarray(0, split))
    const value = percentDecode(split === -1 ? sequence.subarray(0, 0) : sequence.subarray(split + 1))
    if (name.length > this.#limits.maxNameBytes) throw tooLarge('maxNameBytes', this.#limits)
    if (value.length > this.#limits.maxFieldBytes) throw tooLarge('maxFieldBytes', this.#limits)
    return { name, value }
  }

  /** Three bytes of the body may be one of a name or value: no more than that is held. */
  #hold(piece: Uint8Array): void {
    this.#held.add(piece)
    if (this.#held.length > 3 * (this.#limits.maxNameBytes + this.#limits.maxFieldBytes) + 1) {
      throw tooLarge('maxFieldBytes', this.#limits)
    }
  }
}

/** URL Standard 1.3 with `+` for a space. */
function percentDecode(bytes: Buffer): Uint8Array {
  if (!bytes.includes(percent) && !bytes.includes(plus)) return bytes
  const decoded = Buffer.alloc(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    const high = byte === percent ? hexDigit(bytes[at + 1]) : -1
    const low = high === -1 ? -1 : hexDigit(bytes[at + 2])
    if (low !== -1) at += 2
    decoded[length++] = low !== -1 ? high * 16 + low : byte === plus ? space : byte
  }
  return decoded.subarray(0, length)
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1
}
