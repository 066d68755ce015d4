// Waits for the processes that posix_spawn started. Each is waited for by its own id, so that no child of
// somebody else's is ever taken, none of ours is left a zombie and no status is lost.

import { constants } from 'node:os'
import type { Ending } from '../events/events.ts'
import { reapAdopted } from './adopted-children.ts'
import type { Native } from './native.ts'

const wnohang = 1
/** SIGCHLD may be lost to a handler installed later by the embedding program; this looks all the same. */
const safetyMs = 1000

export class Reaper {
  readonly #native: Native
  readonly #waiting = new Map<number, (ending: Ending) => void>()
  #safety: NodeJS.Timeout | undefined
  #isListening = false
  /** How many of those waited for keep the event loop alive. */
  #keeping = 0
  readonly #look = (): void => {
    for (const pid of this.#waiting.keys()) this.#reap(pid)
  }

  constructor(native: Native) {
    this.#native = native
  }

  /** The ending of a process of ours. While one is awaited the event loop stays alive, unless `keepsAlive` is false. */
  ending(pid: number, keepsAlive = true): Promise<Ending> {
    if (!this.#isListening) {
      // For good: to begin and end it costs as much as a quarter of a start. It does not keep the event loop alive.
      process.on('SIGCHLD', this.#look)
      reapAdopted(this.#native)
      this.#isListening = true
    }
    if (this.#waiting.size === 0) this.#safety = setInterval(this.#look, safetyMs).unref()
    if (keepsAlive) this.#keepAlive(1)
    const settle = (tell: (ending: Ending) => void, ending: Ending): void => {
      if (keepsAlive) this.#keepAlive(-1)
      tell(ending)
    }
    return new Promise((resolve) => {
      this.#waiting.set(pid, (ending) => settle(resolve, ending))
      this.#reap(pid)
    })
  }

  #keepAlive(change: 1 | -1): void {
    this.#keeping += change
    if (this.#keeping > 0) this.#safety?.ref()
    else this.#safety?.unref()
  }

  #reap(pid: number): void {
    const resolve = this.#waiting.get(pid)
    if (resolve === undefined) return
    const ending = waitFor(this.#native, pid)
    if (ending === undefined) return
    this.#waiting.delete(pid)
    if (this.#waiting.size === 0) clearInterval(this.#safety)
    // Not a child: somebody else waited for it, and its status is lost to us.
    resolve(ending === 'not-a-child' ? unknownEnding : ending)
  }
}

/** How a process ended cannot be known; that it did is. No failure of its request. */
export const unknownEnding: Ending = { exitCode: null, signal: 'unknown', cpuMs: undefined, maxRssBytes: undefined }

const statusMemory = Buffer.alloc(4)
const usageMemory = Buffer.alloc(256)

/** Reaps a child without waiting; undefined while it runs. */
export function waitFor(native: Native, pid: number): Ending | 'not-a-child' | undefined {
  const result = native.wait4(pid, statusMemory, wnohang, usageMemory)
  if (result === 0) return undefined
  if (result !== pid) return 'not-a-child'
  const milliseconds = (at: number): number =>
    Number(usageMemory.readBigInt64LE(at)) * 1000 + usageMemory.readInt32LE(at + 8) / 1000
  const maxRss = Number(usageMemory.readBigInt64LE(32))
  const maxRssBytes = process.platform === 'darwin' ? maxRss : maxRss * 1024
  return readWaitStatus(statusMemory.readInt32LE(), milliseconds(0) + milliseconds(16), maxRssBytes)
}

/** What `wait` says of a process that has ended. */
export function readWaitStatus(status: number, cpuMs: number, maxRssBytes: number): Ending {
  const signalNumber = status & 0x7f
  const hasExited = signalNumber === 0
  return {
    exitCode: hasExited ? (status >> 8) & 0xff : null,
    signal: hasExited ? null : signalName(signalNumber),
    cpuMs,
    maxRssBytes,
  }
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`
}
