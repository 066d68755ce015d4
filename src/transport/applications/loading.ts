// A process while it loads the application. That has a limit: an import may wait for ever, for a lock or an address where
// nobody answers. At the limit it says where it stands, and is ended.

import { readFileSync } from 'node:fs'
import type { ByteString } from '../../bytes/byte-string.ts'
import type { Ending } from '../../events/events.ts'
import type { GatewayFailure } from '../../events/failures.ts'
import { loadingThread, stackOf, type AskedProcess } from './stacks.ts'

export interface LoadingProcess extends AskedProcess {
  readonly ending: Promise<Ending>
  /** The end of what it has written to descriptors 1 and 2. */
  readonly lastWords: string
  /** TERM to its group, a time of grace, KILL. More than once does no harm. */
  end(): Promise<void>
}

export interface LoadingOptions {
  /** For the log: `module:name`. */
  readonly name: string
  /** Its interpreter. */
  readonly python: ByteString
  /** 0 is no limit. */
  readonly limitMs: number
}

/** Many may ask at once, and one answer is as good as the next. */
const freshMs = 1000
/** SIGUSR2, of /proc's mask. */
const caught = 1n << 11n

export class Loading {
  readonly #process: LoadingProcess
  readonly #options: LoadingOptions
  readonly #since = performance.now()
  readonly #timer: NodeJS.Timeout | undefined
  #stack: Promise<readonly string[]> = Promise.resolve([])
  #askedAt = -Infinity
  /** Where it stood at the limit. */
  #late: readonly string[] | undefined
  #isOver = false
  #hasEnded = false
  /** It is loaded, or has ended. */
  onOver: () => void = () => {}

  constructor(process: LoadingProcess, options: LoadingOptions) {
    this.#process = process
    this.#options = options
    const { limitMs } = options
    if (limitMs > 0) this.#timer = setTimeout(() => void this.#end(), limitMs).unref()
    void process.ending.then(() => {
      this.#hasEnded = true
      clearTimeout(this.#timer)
    })
  }

  get isOver(): boolean {
    return this.#isOver
  }

  over(): void {
    clearTimeout(this.#timer)
    if (this.#isOver) return
    this.#isOver = true
    this.onOver()
  }

  /** What its end was, before it had loaded the application. */
  failure({ signal, exitCode }: Ending): GatewayFailure {
    const { limitMs } = this.#options
    if (this.#late !== undefined) return this.#failure(`after ${seconds(limitMs)}`, limitMs, this.#late)
    return this.#failure(signal ?? `exit code ${String(exitCode)}`, undefined, [])
  }

  /** What whoever has waited in vain is told, as long as it loads. */
  async soFar(): Promise<GatewayFailure> {
    const afterMs = Math.round(performance.now() - this.#since)
    return this.#failure(`after ${seconds(afterMs)}, not yet`, afterMs, await this.#where())
  }

  async #end(): Promise<void> {
    const stack = await this.#where()
    if (this.#isOver || this.#hasEnded) return
    this.#late = stack
    await this.#process.end()
  }

  #failure(code: string, afterMs: number | undefined, stack: readonly string[]): GatewayFailure {
    const { name: application, python } = this.#options
    const before = textWithEnd(this.#process.lastWords)
    const where = stack.map((frame) => `  ${frame}\n`).join('')
    const lastWords = where === '' ? before : `${before}It stood here, the innermost call first:\n${where}`
    const failure = { kind: 'application-not-loaded', application, python, code, lastWords } as const
    return afterMs === undefined ? failure : { ...failure, afterMs }
  }

  #where(): Promise<readonly string[]> {
    const now = performance.now()
    if (now - this.#askedAt < freshMs || this.#hasEnded || !hears(this.#process.pid)) return this.#stack
    this.#askedAt = now
    this.#stack = stackOf(this.#process, loadingThread)
    return this.#stack
  }
}

/** Before it listens for the signal that asks where it stands, that signal would end it. */
function hears(pid: number): boolean {
  try {
    const [, mask = '0'] = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
    return (BigInt(`0x${mask}`) & caught) !== 0n
  } catch {
    return false // It has ended, or this system has no /proc.
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}

function textWithEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
