// Starts programs in workers that have been forked ahead, where their interpreter has a launcher; all others as ever.
// Each request still has a process of its own that ends with it.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { Observer } from '../../events/events.ts'
import { encodeWorkerRequest } from '../../protocol/launcher/worker-request.ts'
import { mayStart } from '../may-start.ts'
import type { Native } from '../native.ts'
import { ProgramPipes, QuickPrograms } from '../program-pipes.ts'
import type { ProgramProcess, ProgramStart, Spawner } from '../program-process.ts'
import type { ProgramLook, ShebangCache } from '../shebang-cache.ts'
import type { ColdNotices } from './cold-notices.ts'
import type { WarmPoolOptions } from './demand.ts'
import { chooseInterpreter, identifyInterpreter, launcherEnvironment, type Interpreter } from './interpreters.ts'
import { Launcher } from './launcher.ts'
import { WarmPool } from './pool.ts'
import { mostLaunchers, Pools } from './pools.ts'
import { PreloadNames } from './preload-names.ts'

export interface WarmSpawnerOptions extends WarmPoolOptions {
  readonly native: Native
  /** How all others are started, and the launchers themselves. */
  readonly cold: Spawner
  readonly shebangs: ShebangCache
  readonly observe: Observer
  readonly notices: ColdNotices
  /** Modules that launchers load from the start, the site's own among them. */
  readonly preload: readonly string[]
}

export class WarmSpawner implements Spawner, AsyncDisposable {
  readonly #options: WarmSpawnerOptions
  readonly #pools = new Pools<WarmPool>()
  readonly #quick = new QuickPrograms()
  readonly #preload: PreloadNames
  /** Programs, as they are at present, that workers cannot be. */
  readonly #cold = new WeakSet<ProgramLook>()

  constructor(options: WarmSpawnerOptions) {
    this.#options = options
    this.#preload = new PreloadNames(options.preload)
  }

  async start(program: ProgramStart): Promise<ProgramProcess> {
    const pool = this.#poolFor(program)
    if (pool === undefined) return this.#options.cold.start(program)
    const { path, cwd, argv, environment } = program
    const message = encodeWorkerRequest({ path, cwd, words: argv.slice(1), environment })
    const pipes = new ProgramPipes(this.#options.native, program.stdin)
    const given = pool.give(message, pipes.programEnds)
    const worker = given instanceof Promise ? await given : given
    if (worker !== undefined) return pipes.attach(program, this.#quick, worker, true)
    pipes.abandon()
    return this.#options.cold.start(program)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pools[Symbol.asyncDispose]()
  }

  #poolFor({ path, environment, ofRequestAlone }: ProgramStart): WarmPool | undefined {
    const look = this.#options.shebangs.look(path)
    // Security: a worker would run what the kernel refuses to start, and an authorizer taken out of service would go on.
    const isOurs = look !== undefined && !this.#cold.has(look) && mayStart(path, look.mode)
    const choice = isOurs ? chooseInterpreter(look) : undefined
    if (choice === undefined || this.#pools.isDisposed) return undefined
    if ('reason' in choice) return this.#options.notices.say(path, choice.reason)
    const lasting = launcherEnvironment(choice.language, environment, ofRequestAlone)
    if ('reason' in lasting) return this.#options.notices.say(path, lasting.reason)
    const make = (): WarmPool => this.#makePool(choice, lasting.environment)
    return (
      this.#pools.of(choice.command, lasting.environment, make) ??
      this.#options.notices.say(path, `there are ${mostLaunchers} launchers already`)
    )
  }

  #makePool(interpreter: Interpreter, environment: readonly ByteString[]): WarmPool {
    const { native, cold, observe, minIdle, maxIdle, idleTimeoutMs } = this.#options
    const { language } = interpreter
    const name = interpreter.command.join(' ')
    const preload = this.#preload.of(language)
    return new WarmPool(
      (modules, events) => new Launcher({ native, spawner: cold, interpreter, environment, modules, preload }, events),
      () => identifyInterpreter(interpreter, environment),
      { minIdle, maxIdle, idleTimeoutMs },
      {
        ready: (steps, left) =>
          observe({
            type: 'launcher-ready',
            interpreter: name,
            steps,
            left: this.#preload.worthTelling(language, left),
          }),
        notice: (text) => observe({ type: 'notice', text: `${name}: ${text}` }),
        cold: (script, reason) => {
          const look = this.#options.shebangs.look(script)
          if (look !== undefined) this.#cold.add(look)
          this.#options.notices.say(script, reason)
        },
      },
    )
  }
}
