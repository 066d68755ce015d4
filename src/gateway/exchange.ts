// One exchange: a request under its id, from its facts to its delivery.

import { randomBytes } from 'node:crypto'
import type { Observer } from '../events/events.ts'
import { textOf, type ByteString } from '../bytes/byte-string.ts'
import { firstValue } from '../protocol/http/fields.ts'
import type { Answer } from './error-answer.ts'
import { mayHaveBody, mayHaveLength } from './response-policy.ts'
import type { Delivery, GatewayAnswer, RequestFacts } from './request-facts.ts'

export class Exchange {
  readonly facts: RequestFacts
  readonly observe: Observer
  /** This server ends its scripts: what becomes of them now is its own doing. */
  readonly isShuttingDown: () => boolean
  readonly #startedAt = Date.now()
  readonly #start = performance.now()
  /** As the gateway believes it, once it knows (origin.ts). */
  remoteAddress: string
  /** Who the client is: as the embedding program has it, or a route's authorizer. */
  remoteUser: ByteString | undefined
  #id: string | undefined
  #delivered = false

  constructor(facts: RequestFacts, observe: Observer, isShuttingDown: () => boolean = () => false) {
    this.facts = facts
    this.observe = observe
    this.isShuttingDown = isShuttingDown
    this.remoteAddress = facts.peer.address
    this.remoteUser = facts.user?.name
  }

  /** 22 characters of base64url, 128 random bits; also UNIQUE_ID and in every line of the log. */
  get id(): string {
    this.#id ??= this.facts.front?.id ?? newId()
    return this.#id
  }

  answer(answer: Answer): GatewayAnswer {
    const { status, reason, script } = answer
    const hasBody = mayHaveBody(this.facts.method, status)
    const { bodyLength } = answer
    const fields =
      bodyLength === undefined || !mayHaveLength(status)
        ? answer.fields
        : [...answer.fields, ['Content-Length', String(bodyLength)] as const]
    return {
      status,
      reason,
      fields,
      body: hasBody ? answer.body : undefined,
      delivered: (delivery) => this.#end(status, delivery, script),
    }
  }

  #end(status: number, { bodyBytes, clientGone }: Delivery, script: ByteString | undefined): void {
    if (this.#delivered) return
    this.#delivered = true
    const { facts } = this
    this.observe({
      type: 'request-ended',
      request: {
        id: this.id,
        method: facts.method,
        target: facts.target,
        protocol: facts.protocol,
        remoteAddress: this.remoteAddress,
        remoteUser: this.remoteUser === undefined ? undefined : textOf(this.remoteUser),
        referer: firstValue(facts.fields, 'referer'),
        userAgent: firstValue(facts.fields, 'user-agent'),
      },
      status,
      bodyBytes,
      startedAt: this.#startedAt,
      durationMs: performance.now() - this.#start,
      clientGone,
      script,
    })
  }
}

/** Random bytes are drawn for many ids at once. */
const idBytes = 16
let pool = Buffer.alloc(0)
let used = 0

function newId(): string {
  if (used === pool.length) {
    pool = randomBytes(idBytes * 256)
    used = 0
  }
  used += idBytes
  return pool.toString('base64url', used - idBytes, used)
}
