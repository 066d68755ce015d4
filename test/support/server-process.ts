// Postern as its user has it: the command, in a process of its own, so that its memory, descriptors and end can be seen.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

export interface ServerProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** What it has written to standard error so far. */
  log(): string
  /** What it has written to standard output so far. */
  output(): string
  signal(signal: NodeJS.Signals): void
  readonly exited: Promise<number | null>
  /** Live children, zombies included: `pid (name) state`. */
  children(): readonly string[]
  /** What its descriptors beyond the standard three point to. */
  descriptors(): readonly string[]
  /** Its largest resident set so far, in bytes. */
  peakMemory(): number
}

/** `through`: a program, with its words, that executes the server; `subcommand`: `serve` or `wsgi`. */
export async function startServer(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  through: readonly string[] = [],
  subcommand = 'serve',
): Promise<ServerProcess> {
  const [program, ...words] = [...through, process.execPath, command, subcommand, ...args, '--port', '0'] as const
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let log = ''
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-1_000_000)
  })
  const lines = createInterface({ input: child.stdout })
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      output = `${output}${line}\n`.slice(-1_000_000)
      const found = /^listening on (http:\/\/\S+)$/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    void exited.then((code) => reject(new Error(`the server ended with ${String(code)}: ${log}`)))
  })
  const pid = child.pid ?? 0
  return {
    url,
    pid,
    log: () => log,
    output: () => output,
    signal: (signal) => void child.kill(signal),
    exited,
    children: () => childrenOf(pid),
    descriptors: () => readdirSync(`/proc/${pid}/fd`).flatMap((fd) => readLink(join(`/proc/${pid}/fd`, fd))),
    peakMemory: () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

function childrenOf(parent: number): readonly string[] {
  return processes()
    .filter(({ ppid }) => ppid === parent)
    .map(({ text }) => text)
}

interface ProcessLine {
  readonly pid: number
  readonly ppid: number
  readonly pgid: number
  readonly text: string
}

function processes(): readonly ProcessLine[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const [, comm = '', state = '', ppid = '', pgid = ''] = /^\d+ \((.*)\) (\S) (\d+) (\d+)/s.exec(stat) ?? []
        return [{ pid: Number(name), ppid: Number(ppid), pgid: Number(pgid), text: `${name} (${comm}) ${state}` }]
      } catch {
        return [] // It ended while we looked.
      }
    })
}

function readLink(path: string): readonly string[] {
  try {
    return [readlinkSync(path)]
  } catch {
    return []
  }
}

/** Zombies are. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Asks again until the condition holds, for at most `ms`. */
export async function eventually(condition: () => boolean, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms
  while (!condition()) {
    if (performance.now() > deadline) return false
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return true
}
