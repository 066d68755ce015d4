// The writing side of a socket: several parts in one write, backpressure, and an end for a peer that takes nothing.

import type { Socket } from 'node:net'

export class Outlet {
  readonly #socket: Socket
  readonly #sendTimeoutMs: number
  #draining: Promise<void> | undefined
  #isHeld = false

  /** `sendTimeoutMs`: in which the peer must take something of what has been written; 0 is no limit. */
  constructor(socket: Socket, sendTimeoutMs: number) {
    this.#socket = socket
    this.#sendTimeoutMs = sendTimeoutMs
    socket.on('timeout', () => socket.destroy())
  }

  get isGone(): boolean {
    return this.#socket.destroyed
  }

  /** Bytes that wait to be taken. */
  get waiting(): number {
    return this.#socket.writableLength
  }

  /** What is written one after the other goes out in one piece: each one that wakes the other side costs more than all else. */
  write(parts: readonly Uint8Array[]): void {
    const socket = this.#socket
    if (socket.destroyed || socket.writableEnded) return
    if (!this.#isHeld) {
      this.#isHeld = true
      socket.cork()
      process.nextTick(() => {
        this.#isHeld = false
        socket.uncork()
      })
    }
    for (const part of parts) if (part.length > 0) socket.write(part)
  }

  ready(): Promise<void> {
    return this.#socket.writableNeedDrain ? this.#taken('drain') : Promise.resolve()
  }

  /** Resolves when all that was written has been given to the system, or the connection is gone. */
  async flushed(): Promise<void> {
    const socket = this.#socket
    if (socket.destroyed || socket.writableLength === 0) return
    const timer = this.#limit()
    await new Promise<void>((resolve) => {
      socket.write('', () => resolve())
      socket.once('close', resolve)
    })
    timer()
  }

  #taken(event: 'drain'): Promise<void> {
    const socket = this.#socket
    if (socket.destroyed) return Promise.resolve()
    this.#draining ??= new Promise((resolve) => {
      const unlimit = this.#limit()
      const end = (): void => {
        socket.off(event, end).off('close', end)
        unlimit()
        this.#draining = undefined
        resolve()
      }
      socket.on(event, end).on('close', end)
    })
    return this.#draining
  }

  /** A socket's own timer is the one that sees a part of a large write being taken. */
  #limit(): () => void {
    if (this.#sendTimeoutMs !== 0) this.#socket.setTimeout(this.#sendTimeoutMs)
    return () => {
      this.#socket.setTimeout(0)
    }
  }
}
