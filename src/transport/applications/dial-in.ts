// The private socket on which application workers dial in: in a folder that is this user's alone.

import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import type { ProgramGuard } from '../fastcgi-programs/guard.ts'
import { WorkerConnection } from './worker-connection.ts'

/** For the hello of a connection. */
const helloMs = 10_000

export class DialIn implements Disposable {
  readonly path: string
  readonly #server: Server
  readonly #open = new Set<WorkerConnection>()
  /** Called with each connection that has said hello. */
  onWorker: (connection: WorkerConnection) => void = () => {}

  private constructor(path: string) {
    this.path = path
    this.#server = createServer((socket) => {
      const connection = new WorkerConnection(socket)
      this.#open.add(connection)
      const late = setTimeout(() => connection.close(), helloMs).unref()
      connection.onHello = () => {
        clearTimeout(late)
        this.onWorker(connection)
      }
      socket.once('close', () => {
        clearTimeout(late)
        this.#open.delete(connection)
      })
    })
  }

  static async listen(guard: ProgramGuard): Promise<DialIn> {
    const dialIn = new DialIn(await guard.socketPath())
    dialIn.#server.listen(dialIn.path)
    await once(dialIn.#server, 'listening')
    dialIn.#server.unref()
    return dialIn
  }

  [Symbol.dispose](): void {
    this.#server.close()
    for (const connection of this.#open) connection.close()
  }
}
