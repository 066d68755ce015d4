// The warm executor: a process of its own for every request, as the process executor's, but forked ahead of demand from
// an interpreter that has its start behind it. Limits, cancellation, streams and endings are the process executor's.

import type { Cancellation, Executor, GatewayRequest, Started } from './executor.ts'
import { ProcessExecutor, type ProcessExecutorOptions } from './process.ts'

export interface WarmExecutorOptions extends ProcessExecutorOptions {
  /** What keeps the launchers, behind `spawner`; it ends with the executor. */
  readonly warm: AsyncDisposable
}

export class WarmExecutor implements Executor {
  readonly #processes: ProcessExecutor
  readonly #warm: AsyncDisposable

  constructor(options: WarmExecutorOptions) {
    this.#warm = options.warm
    this.#processes = new ProcessExecutor(options)
  }

  run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    return this.#processes.run(request, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#processes[Symbol.asyncDispose]()
    await this.#warm[Symbol.asyncDispose]()
  }
}
