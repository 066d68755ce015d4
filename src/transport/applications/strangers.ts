// Threads that dial in before we know that their process has started, as forked workers may.

import type { WorkerConnection } from './worker-connection.ts'

const strangerMs = 5000

export class Strangers {
  /** With the files that they have told of. */
  readonly #waiting = new Map<WorkerConnection, string[]>()

  add(connection: WorkerConnection): void {
    const files: string[] = []
    this.#waiting.set(connection, files)
    connection.onFiles = (paths) => void files.push(...paths)
    setTimeout(() => {
      if (this.#waiting.delete(connection)) connection.close()
    }, strangerMs).unref()
  }

  /** Those of this process, which are strangers no more. */
  take(pid: number): readonly (readonly [connection: WorkerConnection, files: readonly string[]])[] {
    const taken = [...this.#waiting].filter(([connection]) => connection.hello?.pid === pid)
    for (const [connection] of taken) this.#waiting.delete(connection)
    return taken
  }

  close(): void {
    for (const connection of this.#waiting.keys()) connection.close()
    this.#waiting.clear()
  }
}
