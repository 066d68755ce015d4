// One worker of an application: its process, and the threads of it that have dialled in.

import type { Ending } from '../../events/events.ts'
import type { WorkerProcess } from './start.ts'
import type { WorkerConnection } from './worker-connection.ts'

export type WorkerState =
  /** It loads the application. */
  | 'starting'
  | 'ready'
  /** It is to be replaced, and takes requests until another one can. */
  | 'spent'
  /** It takes none, and ends when those under way are over. */
  | 'leaving'

export class ApplicationWorker {
  readonly process: WorkerProcess
  /** Of the clock. */
  readonly startedAt: number
  /** Requests after which it is replaced. */
  readonly limit: number
  state: WorkerState = 'starting'
  served = 0
  /** The one used last is at the end. */
  readonly idle: WorkerConnection[] = []
  readonly busy: Set<WorkerConnection> = new Set()
  /** Threads that go on with a request nobody waits for, and since when nobody does. */
  readonly forsaken: Map<string, number> = new Map()

  constructor(process: WorkerProcess, startedAt: number, limit: number) {
    this.process = process
    this.startedAt = startedAt
    this.limit = limit
  }

  get takesRequests(): boolean {
    return (this.state === 'ready' || this.state === 'spent') && this.idle.length > 0
  }

  add(connection: WorkerConnection): void {
    this.forsaken.delete(connection.hello?.thread ?? '')
    this.idle.push(connection)
  }

  remove(connection: WorkerConnection): void {
    this.busy.delete(connection)
    const at = this.idle.indexOf(connection)
    if (at >= 0) this.idle.splice(at, 1)
  }

  /** Threads that wait end, and with the last one the process. */
  leave(): void {
    this.state = 'leaving'
    for (const connection of this.idle.splice(0)) connection.close()
  }

  /** How it has ended, where it does so soon. */
  async endSoon(ms: number): Promise<Ending | undefined> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ms)
    })
    const ending = await Promise.race([this.process.ending, late])
    clearTimeout(timer)
    return ending
  }
}
