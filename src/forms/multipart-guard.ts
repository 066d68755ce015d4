// What the kept parser of multipart does not look at (decision 11): it reads the bytes before the parser does, throws
// where one of them may not be, and passes on a body in which nothing is left to doubt. RFC 2046 5.1.1, RFC 7578.

import { malformed, tooLarge } from './form-error.ts'
import type { FormLimits } from './limits.ts'
import { readPartHead, type PartHead } from './part-head.ts'

const largestPreambleBytes = 8 * 1024
const largestEpilogueBytes = 8 * 1024
const largestPaddingBytes = 256

const headEnd = Buffer.from('\r\n\r\n')
/** The parser sees no head that a client wrote. */
const plainHead = Buffer.from('\r\nContent-Disposition: form-data; name=""; filename=""\r\n\r\n')

type State = 'preamble' | 'delimiter' | 'head' | 'content' | 'epilogue'

export class MultipartGuard {
  readonly #delimiter: Buffer
  readonly #limits: FormLimits
  /** Heads of the parts that were passed on, in their order. */
  readonly heads: PartHead[] = []
  #state: State = 'preamble'
  /** RFC 2046 5.1.1: the first delimiter may stand at the very beginning. */
  #held: Buffer = Buffer.from('\r\n')
  #outside = -2
  #contentBytes = 0
  #isFile = false
  #files = 0
  #fields = 0

  constructor(boundary: string, limits: FormLimits) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`)
    this.#limits = limits
  }

  /** How many parts have begun. */
  get parts(): number {
    return this.#files + this.#fields
  }

  /** What the parser may have of it. Throws FormError. */
  push(chunk: Uint8Array): Uint8Array[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const passed: Uint8Array[] = []
    while (this.#step(passed));
    // What is held back may lie in a chunk whose owner uses it again.
    this.#held = Buffer.from(this.#held)
    return passed
  }

  /** The body has ended. */
  end(): void {
    if (this.#state === 'preamble') throw malformed('it has no part that begins with its boundary')
    if (this.#state !== 'epilogue') throw malformed('it ends before its closing boundary')
  }

  /** False: more bytes are needed. */
  #step(passed: Uint8Array[]): boolean {
    switch (this.#state) {
      case 'preamble':
        return this.#preamble()
      case 'delimiter':
        return this.#afterDelimiter(passed)
      case 'head':
        return this.#head(passed)
      case 'content':
        return this.#content(passed)
      case 'epilogue':
        this.#countOutside(this.#take(this.#held.length).length, largestEpilogueBytes, 'after its closing boundary')
        return false
    }
  }

  /** Security: CVE-2025-61770: Rack kept any length of it in memory. */
  #preamble(): boolean {
    const { before, isFound } = this.#upToDelimiter()
    this.#countOutside(before.length, largestPreambleBytes, 'before its first boundary')
    return isFound
  }

  #countOutside(bytes: number, most: number, where: string): void {
    this.#outside += bytes
    if (this.#outside > most) throw malformed(`it has more than ${most} bytes ${where}`)
  }

  /** RFC 2046 5.1.1: spaces and tabs may follow, then the line's end; two hyphens end the form. */
  #afterDelimiter(passed: Uint8Array[]): boolean {
    if (this.#held.length < 2) return false
    if (this.#held[0] === 0x2d && this.#held[1] === 0x2d) {
      this.#take(2)
      passed.push(this.#delimiter, Buffer.from('--'))
      this.#outside = 0
      this.#state = 'epilogue'
      return true
    }
    const padding = this.#held.findIndex((byte) => byte !== 0x20 && byte !== 0x09)
    const at = padding === -1 ? this.#held.length : padding
    if (at > largestPaddingBytes) throw malformed('its boundary is followed by too many spaces')
    if (this.#held.length < at + 2) return false
    if (this.#held[at] !== 0x0d || this.#held[at + 1] !== 0x0a) throw malformed('a line begins like its boundary')
    this.#take(at + 2)
    this.#state = 'head'
    return true
  }

  /** Security: CVE-2025-61772, CVE-2025-48976: heads without a bound. */
  #head(passed: Uint8Array[]): boolean {
    // A blank line at once: there is no head, and what follows is content.
    if (this.#held[0] === 0x0d && this.#held[1] === 0x0a) throw malformed('a part has no Content-Disposition')
    const end = this.#held.indexOf(headEnd)
    const atLeast = end === -1 ? this.#held.length - headEnd.length + 1 : end
    if (atLeast > this.#limits.maxHeadBytes) throw tooLarge('maxHeadBytes', this.#limits)
    if (end === -1) return false
    const head = readPartHead(this.#take(end))
    this.#take(headEnd.length)
    this.#admit(head)
    this.heads.push(head)
    this.#isFile = head.filename !== undefined
    passed.push(this.#delimiter, plainHead)
    this.#contentBytes = 0
    this.#state = 'content'
    return true
  }

  /** Security: CVE-2023-24998, CVE-2023-25577: numbers of parts without a bound. */
  #admit({ name, filename }: PartHead): void {
    if (filename === undefined ? ++this.#fields > this.#limits.maxFields : ++this.#files > this.#limits.maxFiles) {
      throw tooLarge(filename === undefined ? 'maxFields' : 'maxFiles', this.#limits)
    }
    if (Math.max(name.length, filename?.length ?? 0) > this.#limits.maxNameBytes) {
      throw tooLarge('maxNameBytes', this.#limits)
    }
  }

  /** Security: CVE-2025-61771, CVE-2024-47874: a field's value without a bound. */
  #content(passed: Uint8Array[]): boolean {
    const { before, isFound } = this.#upToDelimiter()
    this.#contentBytes += before.length
    if (this.#contentBytes > (this.#isFile ? this.#limits.maxFileBytes : this.#limits.maxFieldBytes)) {
      throw tooLarge(this.#isFile ? 'maxFileBytes' : 'maxFieldBytes', this.#limits)
    }
    if (before.length > 0) passed.push(before)
    return isFound
  }

  /** What cannot be the beginning of a delimiter, and past the delimiter where there is one. */
  #upToDelimiter(): { readonly before: Buffer; readonly isFound: boolean } {
    const at = this.#held.indexOf(this.#delimiter)
    if (at === -1) {
      const free = Math.max(0, this.#held.length - this.#delimiter.length + 1)
      return { before: this.#take(free), isFound: false }
    }
    const before = this.#take(at)
    this.#take(this.#delimiter.length)
    this.#state = 'delimiter'
    return { before, isFound: true }
  }

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length)
    return taken
  }
}
