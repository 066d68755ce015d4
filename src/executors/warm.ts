// The warm executor: a process of its own for every request, as the process executor's, but forked ahead of demand from
// an interpreter that has its start behind it. Limits, cancellation, streams and endings are the process executor's.

import type { WarmSpawner } from '../transport/warm/warm-spawner.ts'
import type { Cancellation, Executor, GatewayRequest, Started } from './executor.ts'
import { ProcessExecutor, type ProcessExecutorOptions } from './process.ts'

export interface WarmExecutorOptions extends Omit<ProcessExecutorOptions, 'spawner'> {
  readonly spawner: WarmSpawner
}

export class WarmExecutor implements Executor {
  readonly #processes: ProcessExecutor
  readonly #spawner: WarmSpawner

  constructor(options: WarmExecutorOptions) {
    this.#spawner = options.spawner
    this.#processes = new ProcessExecutor(options)
  }

  run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    return this.#processes.run(request, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#processes[Symbol.asyncDispose]()
    await this.#spawner[Symbol.asyncDispose]()
  }
}
