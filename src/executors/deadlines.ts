// An executor around another: time limits for the first byte, for silence and for the whole run.
// Only the script's own time counts: while nobody asks for output, because the client is slow, silence is not its fault.

import type { Bytes } from '../bytes/byte-string.ts'
import { FailureError, type TimeoutPhase } from '../events/failures.ts'
import type { Cancellation, Executor, GatewayRequest, Running, Started } from './executor.ts'

export interface Deadlines {
  /** Milliseconds from start to first output; 0 is no limit. */
  readonly firstByteMs: number
  /** Milliseconds between outputs; 0 is no limit. */
  readonly idleMs: number
  /** Milliseconds from start to end; 0 is no limit. */
  readonly totalMs: number
}

export class DeadlineExecutor implements Executor {
  readonly #inner: Executor
  readonly #deadlines: Deadlines

  constructor(inner: Executor, deadlines: Deadlines) {
    this.#inner = inner
    this.#deadlines = deadlines
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    const started = await this.#inner.run(request, signal)
    if (started.kind === 'failed') return started
    const { running } = started
    return { kind: 'running', running: { ...running, output: limitOutput(running, this.#deadlines) } }
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#inner[Symbol.asyncDispose]()
  }
}

/** Counts from now. */
function limitOutput(running: Running, deadlines: Deadlines): Bytes {
  let expired: { readonly phase: TimeoutPhase; readonly afterMs: number } | undefined
  let expire: (() => void) | undefined
  let hasEnded = false
  let late: NodeJS.Timeout | undefined
  const after = (phase: TimeoutPhase, afterMs: number): NodeJS.Timeout | undefined =>
    afterMs === 0
      ? undefined
      : setTimeout(() => {
          expired ??= { phase, afterMs }
          running.end()
          expire?.()
        }, afterMs)
  const total = after('total', deadlines.totalMs)
  void running.ending.then(() => {
    hasEnded = true
    clearTimeout(total)
    clearTimeout(late)
  })
  const iterator = running.output[Symbol.asyncIterator]()

  const next = async (phase: 'first-byte' | 'idle', limitMs: number): Promise<IteratorResult<Uint8Array>> => {
    const timer = after(phase, limitMs)
    const expiry = new Promise<undefined>((resolve) => {
      expire = () => resolve(undefined)
      if (expired !== undefined) resolve(undefined)
    })
    const result = await Promise.race([iterator.next(), expiry])
    clearTimeout(timer)
    if (expired !== undefined) throw new FailureError({ kind: 'timed-out', ...expired })
    return result ?? { done: true, value: undefined }
  }

  async function* output(): AsyncGenerator<Uint8Array> {
    try {
      let result = await next('first-byte', deadlines.firstByteMs)
      while (result.done !== true) {
        yield result.value
        result = await next('idle', deadlines.idleMs)
      }
    } finally {
      // What goes on after its answer must not hold its place among the running for ever.
      if (!hasEnded) late = after('idle', deadlines.idleMs)
      await iterator.return?.()
    }
  }
  return output()
}
