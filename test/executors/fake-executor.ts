// An executor without programs: each run is started, written to and ended by the test.

import { setImmediate as turn } from 'node:timers/promises'
import type { Ending } from '../../src/events/events.ts'
import type { GatewayFailure } from '../../src/events/failures.ts'
import type { Cancellation, Executor, GatewayRequest, Started } from '../../src/executors/executor.ts'

export const anyRequest: GatewayRequest = {
  variables: new Map(),
  body: new Uint8Array(0),
  bodyLength: 0,
  program: undefined,
}

/** Lets everything that is already decided happen. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 3; round++) await turn()
}

export class FakeRun {
  readonly signal: Cancellation
  /** Whether somebody asked for its end. */
  wasEnded = false
  /** Whether its output was left or read to its end. */
  outputClosed = false
  readonly ending: Promise<Ending>
  #finish: (ending: Ending) => void = () => {}
  readonly #chunks: Uint8Array[] = []
  #wake: () => void = () => {}
  #isOver = false

  constructor(signal: Cancellation) {
    this.signal = signal
    this.ending = new Promise((resolve) => {
      this.#finish = resolve
    })
  }

  write(text: string): void {
    this.#chunks.push(Buffer.from(text))
    this.#wake()
  }

  /** Its output ends; the program goes on. */
  closeOutput(): void {
    this.#isOver = true
    this.#wake()
  }

  /** Its output and the program itself end. */
  finish(exitCode: number | null = 0, signal: string | null = null): void {
    this.closeOutput()
    this.#finish({ exitCode, signal, cpuMs: undefined, maxRssBytes: undefined })
  }

  started(): Started {
    const end = (): void => {
      this.wasEnded = true
      this.finish()
    }
    return {
      kind: 'running',
      running: {
        pid: undefined,
        isWarm: false,
        output: this.#output(),
        diagnostics: nothing(),
        leaving: this.ending,
        ending: this.ending,
        end,
      },
    }
  }

  async *#output(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift()
        if (chunk !== undefined) yield chunk
        else if (this.#isOver) return
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
      }
    } finally {
      this.outputClosed = true
    }
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

export class FakeExecutor implements Executor {
  readonly runs: FakeRun[] = []
  isDisposed = false
  /** The next run cannot start. */
  failNext: GatewayFailure | Error | undefined

  run(_: GatewayRequest, signal: Cancellation): Promise<Started> {
    const failure = this.failNext
    this.failNext = undefined
    if (failure instanceof Error) return Promise.reject(failure)
    if (failure !== undefined) return Promise.resolve({ kind: 'failed', failure })
    const run = new FakeRun(signal)
    this.runs.push(run)
    return Promise.resolve(run.started())
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true
    return Promise.resolve()
  }
}
