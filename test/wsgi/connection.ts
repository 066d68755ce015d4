// A client's connection that is written to and read from by parts: for what one request at a time cannot show.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Longer than any application of the cases waits. */
const longestMs = 8_000

export class Connection implements Disposable {
  readonly #socket: Socket
  #text = ''
  #hasEnded = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      this.#text += String(text)
    })
    // A reset ends it too.
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#hasEnded = true
    })
    socket.on('end', () => {
      this.#hasEnded = true
    })
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port) })
    const connection = new Connection(socket)
    await once(socket, 'connect', { signal: AbortSignal.timeout(longestMs) })
    return connection
  }

  /** One character is one byte. */
  send(text: string): void {
    this.#socket.write(Buffer.from(text, 'latin1'))
  }

  /** Everything that has come, once it is enough, or no more will come, or it has been waited for long enough. */
  async until(enough: (text: string) => boolean, ms: number = longestMs): Promise<string> {
    const deadline = performance.now() + ms
    while (!enough(this.#text) && !this.#hasEnded && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20))
    return this.#text
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Nothing more is read, so that the server cannot write on. */
  pause(): void {
    this.#socket.pause()
  }

  /** The client goes away. */
  [Symbol.dispose](): void {
    this.#socket.destroy()
  }
}
