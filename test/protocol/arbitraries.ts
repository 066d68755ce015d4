// What the properties draw from: byte strings, and ways to cut them.

import * as fc from 'fast-check'
import { byteStringOf, bytesOf, type ByteString } from '../../src/bytes/byte-string.ts'

/** Any bytes, one character each. */
export function byteStrings(maxLength = 60): fc.Arbitrary<ByteString> {
  return fc.uint8Array({ maxLength }).map(byteStringOf)
}

/** Strings of these pieces: garbage that looks like the real thing gets further than noise does. */
export function piecesOf(pieces: readonly string[], maxLength = 12): fc.Arbitrary<ByteString> {
  return fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(''))
}

/** Where to cut, as fractions of the length. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  maxLength: 6,
})

export function cut(text: ByteString, at: readonly number[]): Uint8Array[] {
  return cutBytes(bytesOf(text), at)
}

export function cutBytes(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = at.map((fraction) => Math.floor(fraction * bytes.length)).toSorted((a, b) => a - b)
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end))
}

export function oneByOne(bytes: Uint8Array): Uint8Array[] {
  return [...bytes].map((byte) => Uint8Array.of(byte))
}

/** Bounded, so that a file of properties takes seconds. */
export const runs = { numRuns: 400, interruptAfterTimeLimit: 1500 } as const
