// RFC 3875 section 6, the head of a script's response, and section 5's NPH variant. Bytes in, a head out; no I/O.
// Everything that can be wrong with it is a HeadFault, so that the log and the page can name cause and mend.

import { byteStringOf, type ByteString } from '../../bytes/byte-string.ts'
import type { HeadFault } from '../../events/failures.ts'
import { isFieldValue, isToken, trimWhitespace, type Field } from '../http/fields.ts'
import { ProtocolError } from '../errors.ts'

export interface RawHead {
  /** `HTTP/1.1 200 OK`, from a script that speaks HTTP itself (RFC 3875 5). */
  readonly statusLine: ByteString | undefined
  readonly fields: readonly Field[]
  /** What followed the blank line in the same read. */
  readonly rest: Uint8Array
}

export class HeadError extends ProtocolError {
  readonly fault: HeadFault
  readonly line: ByteString
  constructor(fault: HeadFault, line: ByteString) {
    super('cgi', fault)
    this.fault = fault
    this.line = line
  }
}

/**
 * Python's `cgitb` begins a report with it: in a page that is half written it hides the head of the report, and before
 * a head it stands among the fields. It says nothing, and is left out.
 */
const cgitbLine = '<!--: spam'

/** Collects a head from output that may be cut anywhere. Lines end in LF or CRLF, each by itself (RFC 3875 6.1: NL). */
export class ResponseHeadDecoder {
  readonly #maxBytes: number
  #pending: Uint8Array = new Uint8Array(0)
  #statusLine: ByteString | undefined
  #fields: Field[] = []
  #taken = 0
  #atStart = true

  /** `maxBytes` bounds the whole head with its line ends. Security: CVE-2026-42946, heads without an end. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The head, or undefined while its blank line has not come. Throws HeadError. */
  push(chunk: Uint8Array): RawHead | undefined {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    // Once for all lines; what lies past the limit is none of the head.
    const text = byteStringOf(bytes.subarray(0, this.#maxBytes - this.#taken + 1))
    let at = 0
    for (let end = text.indexOf('\n', at); end !== -1; end = text.indexOf('\n', at)) {
      const line = text.slice(at, end > at && text[end - 1] === '\r' ? end - 1 : end)
      this.#taken += end + 1 - at
      if (this.#taken > this.#maxBytes) throw new HeadError('too-large', line)
      at = end + 1
      if (line === '') {
        return { statusLine: this.#statusLine, fields: this.#fields, rest: bytes.subarray(at) }
      }
      this.#takeLine(line)
    }
    this.#pending = bytes.subarray(at)
    if (this.#taken + this.#pending.length > this.#maxBytes) throw new HeadError('too-large', this.#start())
    return undefined
  }

  /** The script ended before the blank line: what is wrong, in one value. */
  endFault(): HeadError {
    const line = byteStringOf(this.#pending.subarray(0, 200))
    if (line !== '') {
      try {
        this.#takeLine(line.endsWith('\r') ? line.slice(0, -1) : line)
      } catch (error) {
        if (error instanceof HeadError) return error
        throw error
      }
    }
    return new HeadError('no-blank-line', line === '' ? this.#lastLine() : line)
  }

  /** Whether any output has come at all. */
  get started(): boolean {
    return !this.#atStart || this.#pending.length > 0
  }

  #takeLine(line: ByteString): void {
    const first = this.#atStart
    this.#atStart = false
    if (first && /^HTTP\/\d/.test(line)) {
      this.#statusLine = line
      return
    }
    if (line.startsWith(' ') || line.startsWith('\t')) throw new HeadError('folded-line', line)
    if (line === cgitbLine) return
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    if (colon < 1 || !isToken(name)) throw new HeadError('not-a-field', line.slice(0, 200))
    const value = trimWhitespace(line.slice(colon + 1))
    // Security: CVE-2023-38709, CVE-2024-24795: a CR, LF or NUL inside a value splits the answer.
    if (!isFieldValue(value)) throw new HeadError('control-character', line.slice(0, 200))
    this.#fields.push([name, value])
  }

  /** Of the line that goes beyond the limit, whose end may have come too. */
  #start(): ByteString {
    return byteStringOf(this.#pending.subarray(0, 200)).replace(/\r?\n[^]*$/, '')
  }

  #lastLine(): ByteString {
    const last = this.#fields.at(-1)
    return last === undefined ? (this.#statusLine ?? '') : `${last[0]}: ${last[1]}`
  }
}
