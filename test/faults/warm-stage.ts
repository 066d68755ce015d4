// A gateway with warm interpreters in this process, and looks at what belongs to it: processes, folders, descriptors.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { byteStringOf } from '../../src/bytes/byte-string.ts'
import {
  cgi,
  createGateway,
  type GatewayEvent,
  type GatewayOptions,
  type PosternGateway,
  type ScriptOptions,
} from '../../src/index.ts'
import { loadNative } from '../../src/transport/native.ts'
import { missing } from '../support/real-parts.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'

export interface Answer {
  readonly status: number
  /** One character is one byte. */
  readonly body: string
  readonly isBroken: boolean
}

const native = loadNative()
export const skip =
  'reason' in native
    ? native.reason
    : (!existsSync('/proc/self/environ') && 'needs /proc') || missing('/usr/bin/python3', '/usr/bin/perl')

export const languages = ['python', 'perl'] as const
export type Language = (typeof languages)[number]

/** Scripts, and the head that they print. */
export const lines = {
  python: (...body: string[]) => `#!/usr/bin/python3\nimport os, signal, sys, time\n${body.join('\n')}\n`,
  perl: (...body: string[]) => `#!/usr/bin/perl\nuse strict;\n$| = 1;\n${body.join('\n')}\n`,
}
export const head = {
  python: 'print("Content-Type: text/plain\\n", flush=True)',
  perl: 'print "Content-Type: text/plain\\n\\n";',
}

/** `look` scripts print their process id and their parent's: the launcher's, where they are warm. */
export const look = {
  python: '#!/usr/bin/python3\nimport os\nprint("Content-Type: text/plain\\n")\nprint(os.getpid(), os.getppid())\n',
  perl: '#!/usr/bin/perl\nprint "Content-Type: text/plain\\n\\n$$ ", getppid, "\\n";\n',
} as const

const longestWarmUpMs = 20_000

export class WarmStage implements AsyncDisposable {
  readonly site: TemporarySite
  readonly gateway: PosternGateway
  readonly events: GatewayEvent[] = []
  /** In which all temporary files of this stage lie. */
  readonly folder: string
  readonly #before = process.env['TMPDIR']

  constructor(
    files: Readonly<Record<string, string>>,
    options: ScriptOptions = {},
    gatewayOptions: Omit<GatewayOptions, 'routes' | 'observe'> = {},
  ) {
    this.site = temporarySite({ ...files, 'python-look': look.python, 'perl-look': look.perl })
    this.folder = mkdtempSync(join(tmpdir(), 'postern-warm-'))
    process.env['TMPDIR'] = this.folder
    this.gateway = createGateway({
      ...gatewayOptions,
      observe: (event) => void this.events.push(event),
      routes: [{ path: '/', to: cgi(this.site.root, options) }],
    })
  }

  async get(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await this.gateway.fetch(new Request(`http://www.example.org/${path}`, init))
    let body = ''
    try {
      for await (const chunk of answer.body ?? []) body += byteStringOf(chunk)
      return { status: answer.status, body, isBroken: false }
    } catch {
      return { status: answer.status, body, isBroken: true }
    }
  }

  /** Asks until the script runs warm; the launcher's process id, if the script is one of `look`. */
  async warmUp(path: string): Promise<number> {
    const deadline = performance.now() + longestWarmUpMs
    for (;;) {
      const seen = this.events.length
      const { body } = await this.get(path)
      if (this.isWarm(seen)) {
        // An answer does not wait for the end of its worker.
        await eventually(() => this.events.slice(seen).some(({ type }) => type === 'program-ended'), longestWarmUpMs)
        return Number(body.split(' ')[1])
      }
      if (performance.now() > deadline) throw new Error(`never warm: ${path}: ${JSON.stringify(this.notices)}`)
      await sleep(50)
    }
  }

  /** Whether the program that was started last, after so many events, was warm. */
  isWarm(after = 0): boolean {
    const started = this.events.slice(after).findLast((event) => event.type === 'program-started')
    return started !== undefined && started.isWarm
  }

  get notices(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))
  }

  count(type: GatewayEvent['type']): number {
    return this.events.filter((event) => event.type === type).length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]()
    if (this.#before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = this.#before
    this.site[Symbol.dispose]()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Processes, zombies included, that have this folder in their environment: `pid (name) state`. */
export function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return []
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1')
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const [, comm = '', state = '', parent = ''] = /\((.*)\) (\S) (\d+)/s.exec(stat) ?? []
      const isOurs = environment.includes(`TMPDIR=${folder}`) || (state === 'Z' && Number(parent) === process.pid)
      return isOurs ? [`${name} (${comm}) ${state}`] : []
    } catch {
      return [] // It ended while we looked, or is another user's.
    }
  })
}

export function descriptorCount(pid: number | 'self' = 'self'): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
