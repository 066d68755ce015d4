// Applications of test/app/applications in processes of their own, as web servers start them.

import assert from 'node:assert/strict'
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../test/app/applications/', import.meta.url))

export interface Application extends AsyncDisposable {
  readonly child: ChildProcess
  log(): string
  /** What a program has noted for nobody. */
  notes(): string
  readonly exited: Promise<readonly [number | null, string | null]>
}

export interface StartOptions {
  readonly words?: readonly string[]
  readonly environment?: NodeJS.ProcessEnv
  readonly stdio?: StdioOptions
  /** As systemd does: LISTEN_PID is known only in the process that becomes the program. */
  readonly isSystemd?: boolean
}

export function startApplication(
  name: string,
  { words = [], environment = {}, stdio, isSystemd = false }: StartOptions = {},
): Application {
  const own = mkdtempSync(join(tmpdir(), 'postern-app-'))
  const noteFile = join(own, 'notes')
  const { PATH } = process.env
  const env = { PATH, PROBE_FILE: noteFile, NODE_ENV: 'production', ...environment }
  const program = [process.execPath, join(folder, name), ...words]
  const all = isSystemd ? ['sh', '-c', 'LISTEN_PID=$$ exec "$0" "$@"', ...program] : program
  const child = spawn(all[0] ?? '', all.slice(1), { env, stdio: stdio ?? ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stderr?.setEncoding('latin1').on('data', (text: string) => {
    log += text
  })
  const exited = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => {
    return [typeof code === 'number' ? code : null, typeof signal === 'string' ? signal : null] as const
  })
  return {
    child,
    log: () => log,
    notes: () => {
      try {
        return readFileSync(noteFile, 'utf8')
      } catch {
        return ''
      }
    },
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
      rmSync(own, { recursive: true })
    },
  }
}

/** The URL that it says. */
export async function urlOf(application: Application): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const url = /listening on (http:\S+)/.exec(application.log())?.[1]
    if (url !== undefined) return url
    assert.equal(application.child.exitCode, null, application.log())
    await pause(50)
  }
  throw new Error(`it does not say where it listens: ${application.log()}`)
}

/** For at most fifteen seconds. */
export async function until(condition: () => boolean, what: () => string = () => ''): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (condition()) return
    await pause(50)
  }
  throw new Error(`it did not come: ${what()}`)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

/** To hand it over. */
export function descriptorOf(server: Server): number {
  const handle: unknown = '_handle' in server ? server._handle : undefined
  const fd: unknown = typeof handle === 'object' && handle !== null && 'fd' in handle ? handle.fd : undefined
  assert.ok(typeof fd === 'number')
  return fd
}

export interface CgiAnswered {
  readonly status: string
  readonly fields: readonly string[]
  readonly body: string
  readonly log: string
  readonly exit: readonly [number | null, string | null]
  notes(): string
}

/** One CGI request (RFC 3875); `body` goes to standard input. */
export async function runCgi(
  name: string,
  path: string,
  more: NodeJS.ProcessEnv = {},
  body: string | Buffer = '',
  words: readonly string[] = [],
): Promise<CgiAnswered> {
  const environment = {
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: 'GET',
    SCRIPT_NAME: `/cgi-bin/${name}`,
    PATH_INFO: path,
    QUERY_STRING: '',
    SERVER_NAME: 'a.example',
    SERVER_PORT: '80',
    SERVER_PROTOCOL: 'HTTP/1.1',
    REMOTE_ADDR: '192.0.2.1',
    HTTP_HOST: 'a.example',
    ...more,
  }
  await using application = startApplication(name, { environment, words, stdio: ['pipe', 'pipe', 'pipe'] })
  const { stdin, stdout, stderr } = application.child
  assert.ok(stdin !== null && stdout !== null && stderr !== null)
  stdin.on('error', () => {}) // It need not read.
  stdin.end(body)
  const chunks: Buffer[] = []
  stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [exit] = await Promise.all([application.exited, once(stdout, 'close'), once(stderr, 'close')])
  const text = Buffer.concat(chunks).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const fields = text.slice(0, Math.max(0, end)).split('\r\n')
  const status = fields.find((line) => line.startsWith('Status: '))?.slice('Status: '.length) ?? ''
  const notes = application.notes()
  return { status, fields, body: text.slice(end + 4), log: application.log(), exit, notes: () => notes }
}
