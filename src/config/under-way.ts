// The requests of one listener, from their beginning to their answer's delivery. A script may work on although its answer,
// and its connection, are over: whoever ends in order waits for it too.

import type { Answering, GatewayAnswer, RequestFacts } from '../gateway/request-facts.ts'

export class UnderWay implements Answering {
  readonly parts: NonNullable<Answering['parts']>
  readonly #answering: Answering
  readonly #settle = new Set<() => void>()
  #count = 0
  #isForsaken = false

  constructor(answering: Answering) {
    this.#answering = answering
    this.parts = answering.parts ?? new Set()
  }

  async handle(facts: RequestFacts): Promise<GatewayAnswer> {
    this.#count++
    const answer = await this.#answering.handle(facts)
    const { status, reason, fields, body } = answer
    return {
      status,
      reason,
      fields,
      body,
      delivered: (delivery) => {
        this.#count--
        if (this.#count === 0) this.#tell()
        answer.delivered(delivery)
      },
    }
  }

  /** Resolves when none is left, or nobody waits for them any more. */
  async settled(): Promise<void> {
    if (this.#count === 0 || this.#isForsaken) return
    await new Promise<void>((resolve) => this.#settle.add(resolve))
  }

  forsake(): void {
    this.#isForsaken = true
    this.#tell()
  }

  #tell(): void {
    for (const resolve of this.#settle) resolve()
    this.#settle.clear()
  }
}
