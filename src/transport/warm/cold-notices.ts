// Says, once for each, which scripts are started afresh where people would expect otherwise, and why.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { Observer } from '../../events/events.ts'

const mostSaid = 1000

export class ColdNotices {
  readonly #observe: Observer
  readonly #said = new Set<string>()

  constructor(observe: Observer) {
    this.#observe = observe
  }

  say(path: ByteString, reason: string): undefined {
    const text = `${path} is started afresh for each request, not from a warm interpreter: ${reason}`
    if (this.#said.has(text) || this.#said.size >= mostSaid) return
    this.#said.add(text)
    this.#observe({ type: 'notice', text })
  }
}
