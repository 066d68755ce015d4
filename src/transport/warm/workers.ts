// The workers of one launcher, from the moment when one is asked for to its end, and our end of each one's socket.
//
// A closed descriptor's number is soon somebody else's: a socket is closed as it leaves `#forking` or `#idle`, by the
// one who takes it out, and nowhere else.

import { closeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Ending } from '../../events/events.ts'
import type { Native } from '../native.ts'
import { watchOrphan } from './orphan.ts'

/** A process that waits for one request, or runs it. */
export interface Worker {
  readonly pid: number
  /** Resolves when it has nothing more to do but to end, of itself, or has ended. */
  readonly leaving: Promise<void>
  readonly ending: Promise<Ending>
}

interface Forked extends Worker {
  readonly socket: number
  /** `left`: its socket is closed, nothing was given to it, and it ends. */
  state: 'idle' | 'running' | 'left'
  readonly leave: () => void
  readonly end: (ending: Ending) => void
}

export class Workers {
  readonly #native: Native
  /** By the number that the launcher was told. */
  readonly #forking = new Map<number, number>()
  /** By process id: all that have not ended. */
  readonly #workers = new Map<number, Forked>()
  readonly #idle: Forked[] = []
  #running = 0

  constructor(native: Native) {
    this.#native = native
  }

  get idle(): number {
    return this.#idle.length
  }

  get forking(): number {
    return this.#forking.size
  }

  get running(): number {
    return this.#running
  }

  /** One is being forked; the socket is ours to close from now on. */
  expect(id: number, socket: number): void {
    this.#forking.set(id, socket)
  }

  /** False where nobody asked for it; then it ends by itself, for the other end of its socket is closed. */
  forked(id: number, pid: number): boolean {
    const socket = this.#forking.get(id)
    if (socket === undefined) return false
    this.#forking.delete(id)
    let settle: ((ending: Ending) => void) | undefined
    let leave: (() => void) | undefined
    const ending = new Promise<Ending>((resolve) => {
      settle = resolve
    })
    const leaving = new Promise<void>((resolve) => {
      leave = resolve
    })
    const end = (how: Ending): void => {
      settle?.(how)
      leave?.()
    }
    const worker: Forked = { pid, socket, ending, leaving, leave: () => leave?.(), end, state: 'idle' }
    this.#workers.set(pid, worker)
    this.#idle.push(worker)
    return true
  }

  unforked(id: number): void {
    const socket = this.#forking.get(id)
    if (socket !== undefined) closeSync(socket)
    this.#forking.delete(id)
  }

  /** Gives the request to an idle worker; undefined where none is left that takes it. */
  give(message: Buffer, descriptors: readonly number[]): Worker | undefined {
    for (let worker = this.#idle.pop(); worker !== undefined; worker = this.#idle.pop()) {
      const sent = this.#native.sendWithDescriptors(worker.socket, message, descriptors)
      if (sent <= 0) {
        dismiss(worker) // It has died, and that will be reported.
        continue
      }
      worker.state = 'running'
      this.#running++
      if (sent === message.length) closeSync(worker.socket)
      else new Socket({ fd: worker.socket, readable: false }).on('error', () => {}).end(message.subarray(sent))
      return worker
    }
    return undefined
  }

  /** Ends so many idle ones, the longest idle first. */
  endIdle(count: number = this.#idle.length): void {
    for (const worker of this.#idle.splice(0, count)) dismiss(worker)
  }

  /** It says so itself. */
  leaves(pid: number): void {
    const worker = this.#workers.get(pid)
    if (worker?.state === 'running') worker.leave()
  }

  /** Returns what it was doing; undefined where it is not known. */
  ended(pid: number, ending: Ending): Forked['state'] | undefined {
    const worker = this.#workers.get(pid)
    if (worker === undefined) return undefined
    const { state } = worker
    this.#workers.delete(pid)
    if (state === 'running') this.#running--
    if (state === 'idle') {
      this.#idle.splice(this.#idle.indexOf(worker), 1)
      dismiss(worker)
    }
    worker.end(ending)
    return state
  }

  /** The launcher is no more: those that run a request go on, and nobody will say how they ended. */
  orphan(): void {
    for (const id of this.#forking.keys()) this.unforked(id)
    this.endIdle()
    for (const worker of this.#workers.values()) {
      void watchOrphan(this.#native, worker.pid).then((ending) => worker.end(ending))
    }
    this.#workers.clear()
  }
}

/** Of one that has just been taken out of `#idle`. */
function dismiss(worker: Forked): void {
  worker.state = 'left'
  closeSync(worker.socket)
}
