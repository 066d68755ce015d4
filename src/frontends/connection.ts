// What is to be known of a connection beyond what node:http says: its latest answer, and the answers that wait for their
// turn behind another (pipelining), whom nobody tells that the client has gone.

import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export class Connection {
  /** The answer to the last request that was taken, sent or not. */
  latest: ServerResponse | undefined
  readonly #waiting = new Set<ServerResponse>()

  constructor(socket: Duplex) {
    socket.once('close', () => {
      for (const response of this.#waiting) {
        response.destroy()
        response.emit('close')
      }
      this.#waiting.clear()
    })
  }

  add(response: ServerResponse): void {
    this.latest = response
    if (response.socket !== null) return
    this.#waiting.add(response)
    response.once('socket', () => this.#waiting.delete(response))
  }
}
