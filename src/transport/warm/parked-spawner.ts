// Starts Node scripts in processes of Node that have been started ahead of demand and wait; all other programs as
// `inner` does. Each request still has a process of its own that ends with it.

import { basename } from 'node:path'
import type { ByteString } from '../../bytes/byte-string.ts'
import type { Observer } from '../../events/events.ts'
import { encodeParkedRequest } from '../../protocol/launcher/parked-request.ts'
import { mayStart } from '../may-start.ts'
import type { Native } from '../native.ts'
import type { ProgramProcess, ProgramStart, Spawner } from '../program-process.ts'
import type { ProgramLook, ShebangCache } from '../shebang-cache.ts'
import type { ColdNotices } from './cold-notices.ts'
import type { WarmPoolOptions } from './demand.ts'
import { identifyInterpreter, launcherEnvironment } from './interpreters.ts'
import { alwaysLoaded, chooseParked, modulesNamedBy, type ParkedInterpreter } from './parked-interpreters.ts'
import { ParkedPool } from './parked-pool.ts'
import { Parked } from './parked.ts'
import { mostLaunchers, Pools } from './pools.ts'

export interface ParkedSpawnerOptions extends WarmPoolOptions {
  readonly native: Native
  /** How all others are started; it ends with this one. */
  readonly inner: Spawner & AsyncDisposable
  /** How programs are started afresh, and the waiting processes themselves. */
  readonly cold: Spawner
  readonly shebangs: ShebangCache
  readonly observe: Observer
  readonly notices: ColdNotices
}

interface Chosen {
  readonly pool: ParkedPool
  readonly isNamed: boolean
}

/** As much of a name as the kernel keeps. */
const kernelNameBytes = 15

export class ParkedSpawner implements Spawner, AsyncDisposable {
  readonly #options: ParkedSpawnerOptions
  readonly #pools = new Pools<ParkedPool>()
  /** Scripts, as they are at present, whose text has been looked at. */
  readonly #read = new WeakSet<ProgramLook>()

  constructor(options: ParkedSpawnerOptions) {
    this.#options = options
  }

  async start(program: ProgramStart): Promise<ProgramProcess> {
    const chosen = this.#poolFor(program)
    if (chosen === undefined) return this.#options.inner.start(program)
    const { path, cwd, argv, environment, stdin } = program
    const { pool, isNamed } = chosen
    const message = encodeParkedRequest({
      name: isNamed ? basename(path).slice(0, kernelNameBytes) : '',
      stdin: fileOf(stdin),
      path,
      cwd,
      words: argv.slice(1),
      environment,
    })
    const fed = stdin === 'pipe' || stdin instanceof Uint8Array ? stdin : undefined
    const started = (await pool.give(message, fed)) ?? (await this.#options.cold.start(program))
    pool.runs(started.ending)
    return started
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pools[Symbol.asyncDispose]()
    await this.#options.inner[Symbol.asyncDispose]()
  }

  #poolFor({ path, environment, ofRequestAlone, backgroundGraceMs }: ProgramStart): Chosen | undefined {
    const look = this.#options.shebangs.look(path)
    // Security: a waiting process would run what the kernel refuses to start.
    const choice = look !== undefined && mayStart(path, look.mode) ? chooseParked(look) : undefined
    if (look === undefined || choice === undefined || this.#pools.isDisposed) return undefined
    if ('reason' in choice) return this.#options.notices.say(path, choice.reason)
    const lasting = launcherEnvironment('node', environment, ofRequestAlone)
    if ('reason' in lasting) return this.#options.notices.say(path, lasting.reason)
    const make = (): ParkedPool => this.#makePool(choice, lasting.environment, backgroundGraceMs)
    const pool = this.#pools.of(choice.command, lasting.environment, make)
    if (pool === undefined) {
      return this.#options.notices.say(path, `processes wait for ${mostLaunchers} others already`)
    }
    if (!this.#read.has(look)) {
      this.#read.add(look)
      pool.learn(modulesNamedBy(path))
    }
    return { pool, isNamed: choice.isNamed }
  }

  #makePool({ command }: ParkedInterpreter, environment: readonly ByteString[], backgroundGraceMs: number): ParkedPool {
    const { native, cold, observe, minIdle, maxIdle, idleTimeoutMs } = this.#options
    const name = command.join(' ')
    const pool = new ParkedPool(
      (modules, events) =>
        new Parked({ native, spawner: cold, command, environment, modules, backgroundGraceMs }, events),
      () => identifyInterpreter({ command: withoutSplit(command) }, environment),
      { minIdle, maxIdle, idleTimeoutMs },
      {
        ready: (steps) => observe({ type: 'launcher-ready', interpreter: name, steps, left: [] }),
        notice: (text) => observe({ type: 'notice', text: `${name}: ${text}` }),
      },
    )
    pool.learn(alwaysLoaded)
    return pool
  }
}

/** What the process itself opens as its descriptor 0: it cannot be handed one. Empty: its pipe stays. */
function fileOf(stdin: ProgramStart['stdin']): string {
  if (stdin === 'empty') return '/dev/null'
  return typeof stdin === 'object' && 'fd' in stdin ? `/proc/${process.pid}/fd/${stdin.fd}` : ''
}

/** `env -S node --flag` looks for `node`. */
function withoutSplit([program, argument]: ParkedInterpreter['command']): ParkedInterpreter['command'] {
  const name = argument === undefined ? undefined : /^-S *(\S+)/.exec(argument)?.[1]
  return name === undefined ? (argument === undefined ? [program] : [program, argument]) : [program, name]
}
