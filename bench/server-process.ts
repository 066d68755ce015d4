/**
 * A server that runs in the foreground as our child, until disposed. It leads a process group of its own, so that its
 * workers can be ended with it and nothing that we did not start is ever signalled.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ServerCommand {
  readonly command: string
  readonly args: readonly string[]
  /** Its working folder; ours, if absent. */
  readonly folder?: string
  /** Takes the server's stdout and stderr. */
  readonly logFile: string
}

const startLimitMs = 15_000
const stopLimitMs = 5_000

export class ServerProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #logFile: string
  readonly #command: string
  #end: string | undefined

  constructor({ command, args, folder, logFile }: ServerCommand) {
    const log = openSync(logFile, 'a')
    this.#child = spawn(command, args, { stdio: ['ignore', log, log], detached: true, cwd: folder })
    closeSync(log)
    this.#logFile = logFile
    this.#command = command
    this.#child.once('error', (error) => (this.#end ??= error.message))
    this.#child.once('exit', (code, signal) => (this.#end ??= signal ?? `exit status ${code}`))
  }

  /** For signals. */
  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.#command} has not started`)
    return this.#child.pid
  }

  /** Waits until the address takes connections. */
  async untilListening(address: NetConnectOpts): Promise<void> {
    await this.#until(async () => ((await takesConnections(address)) ? true : undefined))
  }

  /** Waits for the line by which the server says where it listens. */
  async untilAnnounced(): Promise<string> {
    return this.#until(async () => /listening on (http:\/\/\S+)/.exec(readFileSync(this.#logFile, 'utf8'))?.[1])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined) return // it never started
    if (this.#end === undefined) {
      const exit = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      await Promise.race([exit, sleep(stopLimitMs, undefined, { ref: false })])
    }
    endGroup(pid) // a server that is gone may have left workers behind, fcgiwrap among them
  }

  async #until<T>(ready: () => Promise<T | undefined>): Promise<T> {
    const limit = Date.now() + startLimitMs
    while (this.#end === undefined && Date.now() < limit) {
      const value = await ready()
      if (value !== undefined) return value
      await sleep(20)
    }
    const why = this.#end ?? `not ready after ${startLimitMs} ms`
    await this[Symbol.asyncDispose]() // nobody else will: the start that waits here has failed
    throw new Error(`${this.#command}: ${why}\n${readFileSync(this.#logFile, 'utf8').slice(-2000)}`)
  }
}

async function takesConnections(address: NetConnectOpts): Promise<boolean> {
  const socket = connect(address)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false // refused, or no such socket file: the server is still starting
  } finally {
    socket.destroy()
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // ESRCH: no process of the group is left, which is the usual case
  }
}
