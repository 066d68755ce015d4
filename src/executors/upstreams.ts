// An executor around others: several upstreams that answer alike. The least busy one is asked, and one that fails rests for
// a while, longer each time; then one request tries it.

import type { Observer } from '../events/events.ts'
import { FailureError, type GatewayFailure } from '../events/failures.ts'
import type { Bytes } from '../bytes/byte-string.ts'
import type { Cancellation, Executor, GatewayRequest, Started } from './executor.ts'

export interface UpstreamMember {
  /** For the log: `unix:/run/app.sock`. */
  readonly name: string
  readonly executor: Executor
}

export interface UpstreamsOptions {
  readonly observe: Observer
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number
  /** From 0 to 1, as Math.random. */
  readonly random?: () => number
}

const firstRestMs = 1000
const longestRestMs = 30_000

/** The rest after so many failures in a row. Security: CVE-2025-55753: it cannot grow until it is nothing again. */
export function restMs(failures: number, random: number): number {
  const full = Math.min(longestRestMs, firstRestMs * 2 ** Math.min(failures - 1, 16))
  // Not all at once, where several servers ask the same upstream.
  return full * (0.75 + random / 4)
}

interface Member extends UpstreamMember {
  busy: number
  /** In a row. */
  failures: number
  /** Undefined: it is up. */
  restsUntil: number | undefined
  /** Requests under way that try whether it is up again; more than one where all rest. */
  trials: number
  /** The number of its requests so far, and of those at its last failure: an answer to an older one says nothing. */
  begun: number
  begunAtFailure: number
}

export class UpstreamsExecutor implements Executor {
  readonly #members: readonly Member[]
  readonly #observe: Observer
  readonly #now: () => number
  readonly #random: () => number
  /** Where the search begins, so that ties take turns. */
  #turn = 0

  constructor(members: readonly UpstreamMember[], options: UpstreamsOptions) {
    if (members.length === 0) throw new TypeError('there must be at least one upstream')
    this.#members = members.map((member) => ({
      ...member,
      busy: 0,
      failures: 0,
      restsUntil: undefined,
      trials: 0,
      begun: 0,
      begunAtFailure: 0,
    }))
    this.#observe = options.observe
    this.#now = options.now ?? (() => performance.now())
    this.#random = options.random ?? Math.random
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    const first = this.#choose(undefined)
    if (first === undefined) throw new TypeError('there is no upstream')
    const started = await this.#ask(first, request, signal)
    if (started.kind !== 'failed' || !isNothingSent(started.failure) || signal.aborted) return started
    const second = this.#choose(first)
    return second === undefined ? started : this.#ask(second, request, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map(({ executor }) => executor[Symbol.asyncDispose]()))
  }

  #choose(other: Member | undefined): Member | undefined {
    const now = this.#now()
    let best: Member | undefined
    let soonest: Member | undefined
    for (let at = 0; at < this.#members.length; at++) {
      const member = this.#members[(this.#turn + at) % this.#members.length]
      if (member === undefined || member === other) continue
      if (soonest === undefined || (member.restsUntil ?? 0) < (soonest.restsUntil ?? 0)) soonest = member
      const isRested = member.restsUntil === undefined || (member.restsUntil <= now && member.trials === 0)
      if (isRested && (best === undefined || member.busy < best.busy)) best = member
    }
    // All rest: better to ask the one that has nearly rested than nobody.
    const chosen = best ?? soonest
    if (chosen !== undefined) this.#turn = (this.#members.indexOf(chosen) + 1) % this.#members.length
    return chosen
  }

  async #ask(member: Member, request: GatewayRequest, signal: Cancellation): Promise<Started> {
    const number = ++member.begun
    const isTrial = member.restsUntil !== undefined
    if (isTrial) member.trials++
    member.busy++
    const over = (): void => {
      member.busy--
      if (isTrial) member.trials--
    }
    let started: Started
    try {
      started = await member.executor.run(request, signal)
    } catch (error) {
      over()
      throw error
    }
    if (started.kind === 'failed') {
      over()
      if (isOwnFailure(started.failure)) this.#failed(member, started.failure, isTrial)
      return started
    }
    if (started.kind === 'answered') {
      over()
      if (number > member.begunAtFailure) this.#succeeded(member)
      return started
    }
    const { running } = started
    void running.ending.then(over)
    return { kind: 'running', running: { ...running, output: this.#watch(running.output, member, number, isTrial) } }
  }

  /** Its first byte says that it is well; a failure instead of one that it is not. */
  #watch(output: Bytes, member: Member, number: number, isTrial: boolean): Bytes {
    const iterator = output[Symbol.asyncIterator]()
    let isBegun = false
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      if (isBegun) return iterator.next()
      try {
        const result = await iterator.next()
        isBegun = true
        if (result.done !== true && number > member.begunAtFailure) this.#succeeded(member)
        return result
      } catch (error) {
        isBegun = true
        if (error instanceof FailureError && isOwnFailure(error.failure)) this.#failed(member, error.failure, isTrial)
        throw error
      }
    }
    const leave = async (): Promise<IteratorResult<Uint8Array>> => {
      await iterator.return?.()
      return { done: true, value: undefined }
    }
    return { [Symbol.asyncIterator]: () => ({ next, return: leave }) }
  }

  #succeeded(member: Member): void {
    member.failures = 0
    if (member.restsUntil === undefined) return
    member.restsUntil = undefined
    this.#observe({ type: 'notice', text: `the upstream ${member.name} answers again` })
  }

  /** Requests that fail together are one failure. */
  #failed(member: Member, { kind }: GatewayFailure, isTrial: boolean): void {
    member.begunAtFailure = member.begun
    const wasUp = member.restsUntil === undefined
    if (!wasUp && !isTrial) return
    member.failures++
    const rest = restMs(member.failures, this.#random())
    member.restsUntil = this.#now() + rest
    if (!wasUp) return
    const others = this.#members.filter(({ restsUntil }) => restsUntil === undefined).length
    const text = `the upstream ${member.name} failed (${kind}) and rests; ${others} of ${this.#members.length} are left`
    this.#observe({ type: 'notice', text })
  }
}

/** What is the upstream's fault, and not that of one request. */
function isOwnFailure(failure: GatewayFailure): boolean {
  switch (failure.kind) {
    case 'unreachable':
    case 'overloaded':
    case 'upstream-closed':
    case 'upstream-fault':
      return true
    default:
      return isConnectTimeout(failure)
  }
}

function isNothingSent(failure: GatewayFailure): boolean {
  return failure.kind === 'unreachable' || isConnectTimeout(failure)
}

function isConnectTimeout(failure: GatewayFailure): boolean {
  return failure.kind === 'timed-out' && failure.phase === 'connect'
}
