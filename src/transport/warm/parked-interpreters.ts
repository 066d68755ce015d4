// Which programs a parked Node can become: those whose `#!` line names Node, with options that mean the same for a
// process that waits. And which built-in modules they name, so that these can be loaded before there is a request.

import { closeSync, openSync, readSync } from 'node:fs'
import { bytesOf, byteStringOf, type ByteString } from '../../bytes/byte-string.ts'
import type { ProgramLook } from '../shebang-cache.ts'

export interface ParkedInterpreter {
  readonly language: 'node'
  /** As the kernel starts it for such a `#!` line, without the script. */
  readonly command: readonly [ByteString, ...ByteString[]]
  /** The kernel gives the process the script's name: `env` would have changed it. */
  readonly isNamed: boolean
}

/**
 * Options that only change how the script is read, run or reported. Not those that load something of the site's before
 * it, open a port or a file, or run it in another way.
 */
const option = String.raw`--(?:${[
  'no-[a-z-]+',
  'enable-source-maps',
  'experimental-(?:strip-types|transform-types|detect-module|require-module|sqlite|websocket|eventsource|webstorage|vm-modules|wasm-modules|json-modules)',
  'strip-types',
  'trace-(?:warnings|uncaught|deprecation|sigint|exit)',
  '(?:throw|pending)-deprecation',
  'disable-warning=[\\w-]+',
  'preserve-symlinks(?:-main)?',
  'stack-trace-limit=\\d+',
  'max-(?:old-space|semi-space|http-header)-size=\\d+',
  'unhandled-rejections=[\\w-]+',
  'dns-result-order=\\w+',
  'use-strict',
].join('|')})`

const isOption = new RegExp(`^${option}$`)
const isSplit = new RegExp(`^-S *(\\S+)((?: +${option})*)$`)

const setId = 0o6000

export function chooseParked({
  shebang,
  mode,
}: ProgramLook): ParkedInterpreter | { readonly reason: string } | undefined {
  if (shebang === undefined || shebang.carriageReturn) return undefined
  const { interpreter, argument, envProgram } = shebang
  if (!/(?:^|\/)node(?:js)?$/.test(envProgram ?? interpreter) || !interpreter.startsWith('/')) return undefined
  if ((mode & setId) !== 0) return { reason: 'it is set-user-ID or set-group-ID' }
  if (argument === undefined) return { language: 'node', command: [interpreter], isNamed: true }
  if (envProgram === undefined) {
    return isOption.test(argument)
      ? { language: 'node', command: [interpreter, argument], isNamed: true }
      : { reason: `its #! line has the option ${argument}` }
  }
  if (argument !== envProgram && isSplit.exec(argument)?.[1] !== envProgram) {
    return { reason: `its #! line gives env more than a name: ${argument}` }
  }
  return { language: 'node', command: [interpreter, argument], isNamed: false }
}

/**
 * Those that take a while; Node loads the others at its start, or with the ones that are always loaded. Not those that
 * open standard error (`assert`, `http2`), warn (`sqlite`), or look at the system's settings (`dns`) when they are loaded.
 */
const dearModules = ['crypto', 'http', 'https', 'readline', 'worker_threads', 'zlib']
export const alwaysLoaded: readonly string[] = [
  'stream',
  'net',
  'fs/promises',
  'child_process',
  'timers/promises',
  'tty',
]

const mostLookedAt = 64 * 1024

/** What a script's text names: a guess, for it may name what it never loads, or load what its own modules name. */
export function modulesNamedBy(path: ByteString): readonly string[] {
  let text: string
  try {
    text = startOf(path)
  } catch {
    return [] // Whoever starts it will hear why.
  }
  const named = dearModules.filter((name) => new RegExp(`['"](?:node:)?${name}['"]`).test(text))
  return /\b(?:fetch|Request|Response|Headers|FormData)\b|postern\/app/.test(text) ? [...named, 'fetch'] : named
}

function startOf(path: ByteString): string {
  const file = openSync(bytesOf(path), 'r')
  try {
    const bytes = Buffer.alloc(mostLookedAt)
    return byteStringOf(bytes.subarray(0, readSync(file, bytes, 0, mostLookedAt, 0)))
  } finally {
    closeSync(file)
  }
}
