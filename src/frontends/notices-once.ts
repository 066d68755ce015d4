// Notices about connections, each text once: a client that keeps breaking a protocol must not fill the log.

import type { Observer } from '../events/events.ts'

const mostNotices = 50

export class NoticesOnce {
  readonly #observe: Observer
  readonly #told = new Set<string>()

  constructor(observe: Observer) {
    this.#observe = observe
  }

  tell(text: string): void {
    if (this.#told.has(text) || this.#told.size >= mostNotices) return
    this.#told.add(text)
    this.#observe({ type: 'notice', text: this.#told.size === mostNotices ? `${text} (more are not told)` : text })
  }
}
