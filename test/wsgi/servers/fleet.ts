// The servers that the cases of one kind of server need: started when first asked for, and again when one has ended.

import { once } from 'node:events'
import { connect } from 'node:net'
import { settings, type Start, type WsgiServer } from './server.ts'

type Kind = keyof typeof settings

export class Fleet implements AsyncDisposable {
  readonly #start: Start
  readonly #running = new Map<Kind, WsgiServer>()

  constructor(start: Start) {
    this.#start = start
  }

  async server(kind: Kind = 'threads'): Promise<WsgiServer> {
    const running = this.#running.get(kind)
    if (running !== undefined) {
      if (await takesConnections(running.url)) return running
      this.#running.delete(kind)
      await running[Symbol.asyncDispose]()
    }
    const started = await this.#start(settings[kind])
    this.#running.set(kind, started)
    return started
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.values()].map((server) => server[Symbol.asyncDispose]()))
    this.#running.clear()
  }
}

async function takesConnections(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
