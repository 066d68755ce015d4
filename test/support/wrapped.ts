// Python applications behind scripts of `postern wrap`, in a folder of a test's own, and the servers that they leave.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from './server-process.ts'
import { temporarySite } from './temporary-site.ts'

const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const folder = fileURLToPath(new URL('../../../test/programs/wrapped/', import.meta.url))

export interface Wrapped extends AsyncDisposable {
  /** Holds `cgi-bin` with the scripts. */
  readonly root: string
  /** The folder of sockets and logs, made by whoever runs the scripts. */
  readonly state: string
  /** Writes `cgi-bin/NAME`. */
  script(name: string, application: string, ...flags: readonly string[]): string
  /** Processes of Postern that scripts have started. */
  servers(): readonly number[]
  /** As the system does it when memory is short. Resolves when they are gone, with their sockets. */
  kill(): Promise<void>
  log(): string
}

export const python = '/usr/bin/python3'

export function wrapped(): Wrapped {
  const site = temporarySite({ 'cgi-bin/.keep': '' })
  // Web servers that root has started run programs as somebody else.
  const open = join(site.root, 'state')
  mkdirSync(open)
  chmodSync(open, 0o1777)
  const state = join(open, 'own')
  const servers = (): readonly number[] => serversOf(state)
  const kill = async (): Promise<void> => {
    for (const pid of servers()) process.kill(pid, 'SIGKILL')
    assert.ok(await eventually(() => !hasSockets(state), 20_000))
  }
  return {
    root: site.root,
    state,
    script: (name, application, ...flags) => {
      const words = ['wrap', application, '--python', python, '--chdir', folder, '--state-dir', state, ...flags]
      const text = execFileSync(process.execPath, [command, ...words])
      return site.add(`cgi-bin/${name}`, text)
    },
    servers,
    kill,
    log: () =>
      readdirSync(state)
        .filter((name) => name.endsWith('.log'))
        .map((name) => readFileSync(join(state, name), 'utf8'))
        .join(''),
    async [Symbol.asyncDispose]() {
      await kill()
      site[Symbol.dispose]()
    },
  }
}

/** Nobody but this test's scripts names its folder. */
function serversOf(state: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(`\0--socket-file=${state}/`))
    .map(Number)
}

/** A process that is on its way out has no command line, but may still have sockets. */
function hasSockets(state: string): boolean {
  return readFileSync('/proc/net/unix', 'latin1').includes(` ${state}/`)
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return '' // It ended while we looked.
  }
}
