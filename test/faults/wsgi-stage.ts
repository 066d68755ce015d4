// A server with a WSGI application whose answers tell whose they are, and looks at what belongs to it: processes,
// descriptors, files, memory.

import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer, type ServerProcess } from '../support/server-process.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'

const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

export const skip = missing('python3')

/** `/KIND?id=ID`: every kind answers with nothing but its id, so that an answer shows whose it is. */
const application = `
import atexit, ctypes, hashlib, os, signal, sys, threading, time
from urllib.parse import parse_qsl

FOLDER = os.path.dirname(os.path.abspath(__file__))

def note(name, text):
    descriptor = os.open(os.path.join(FOLDER, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, (text + '\\n').encode())
    os.close(descriptor)

atexit.register(lambda: note('exits', str(os.getpid())))
kept = []

class Stream:
    def __init__(self, id, chunks, size, pause):
        self.id, self.left, self.chunk, self.pause = id, chunks, (id + ' ').encode() * size, pause
    def __iter__(self):
        return self
    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        if self.pause:
            time.sleep(self.pause)
        return self.chunk
    def close(self):
        note('closed', self.id)

def application(environ, start_response):
    kind = environ['PATH_INFO'][1:]
    query = dict(parse_qsl(environ['QUERY_STRING']))
    id = query.get('id', '')
    text = (id + ' ').encode()
    start = lambda: start_response('200 OK', [('Content-Type', 'text/plain'), ('X-Pid', str(os.getpid()))])
    if kind == 'small':
        start()
        return [text * 20]
    if kind == 'large':
        start()
        return [text * 40000]
    if kind == 'write':
        write = start()
        for _ in range(20):
            write(text * 100)
        return []
    if kind == 'stream':
        start()
        return Stream(id, int(query.get('chunks', 20)), int(query.get('size', 500)), float(query.get('pause', 0.001)))
    if kind == 'upload':
        digest = hashlib.md5()
        try:
            while True:
                part = environ['wsgi.input'].read(int(query.get('size', 65536)))
                if not part:
                    break
                digest.update(part)
        except OSError as error:
            note('broken', id)
            raise
        note('uploaded', id)
        start()
        return [text + digest.hexdigest().encode()]
    if kind == 'early':
        environ['wsgi.input'].read(1)
        start()
        return [text * 20]
    if kind == 'sleep':
        time.sleep(float(query.get('seconds', 600)))
        start()
        return [text * 20]
    if kind == 'lock':
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()
    if kind == 'busy':
        while True:
            pass
    if kind == 'exit':
        os._exit(3)
    if kind == 'fault':
        ctypes.string_at(0)
    if kind == 'grow':
        kept.append(bytearray(int(query.get('size', 1))))
        start()
        return [text * 20]
    if kind == 'loud':
        for _ in range(int(query.get('lines', 1))):
            environ['wsgi.errors'].write('e' * 1000 + '\\n')
        start()
        return [text * 20]
    raise ValueError(kind)
`

export interface Outcome {
  /** 0: no answer. */
  readonly status: number
  readonly body: string
  readonly isWhole: boolean
  readonly pid: number
}

export interface Ask {
  readonly kind: string
  readonly id: string
  readonly body?: string
  readonly query?: string
}

export interface Look {
  readonly pid: number
  readonly parent: number
  readonly isZombie: boolean
}

export class WsgiStage implements AsyncDisposable {
  readonly server: ServerProcess
  readonly site: TemporarySite
  /** In which all temporary files of this stage lie. */
  readonly folder: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })

  private constructor(server: ServerProcess, site: TemporarySite, folder: string) {
    this.server = server
    this.site = site
    this.folder = folder
  }

  /** In `args`, FOLDER is where `files` are. */
  static async open(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<WsgiStage> {
    const site = temporarySite({ 'app.py': application, ...files })
    const folder = mkdtempSync(join(tmpdir(), 'postern-wsgi-'))
    const all = ['app', '--chdir', site.root, '--python', python, '--access-log', 'off']
    all.push(...args.map((word) => word.replace('FOLDER', site.root)))
    const mode = args.includes('--dev') ? [] : ['--prod']
    const environment = { TMPDIR: folder, PYTHONDONTWRITEBYTECODE: '1' }
    return new WsgiStage(await startServer([...all, ...mode], environment, [], 'wsgi'), site, folder)
  }

  /** A connection is used again, as long as it is whole. */
  ask({ kind, id, body, query = '' }: Ask): Promise<Outcome> {
    return new Promise((resolve) => {
      let status = 0
      let pid = 0
      let text = ''
      const settle = (isWhole: boolean): void => resolve({ status, body: text, isWhole, pid })
      const url = `${this.server.url}${kind}?id=${id}&${query}`
      const options = {
        agent: this.#agent,
        method: body === undefined ? 'GET' : 'POST',
        headers: body === undefined ? {} : { 'Content-Length': body.length },
      }
      const asked = request(url, options, (answer) => {
        status = answer.statusCode ?? 0
        pid = Number(answer.headers['x-pid'] ?? 0)
        answer.setEncoding('latin1').on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('error', () => {})
        answer.on('close', () => settle(answer.complete))
      })
      asked.on('error', () => settle(false))
      asked.end(body)
    })
  }

  /** A client that does what the test says. */
  dial(): Socket {
    const { hostname, port } = new URL(this.server.url)
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('error', () => {})
    return socket
  }

  /** Python processes of this stage, however they were started, zombies of the server's included. */
  processes(): readonly Look[] {
    const looks = readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return []
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
        const [, state = '', parent = ''] = /\) (\S) (\d+)/s.exec(stat) ?? []
        const command = readFileSync(`/proc/${name}/cmdline`, 'latin1')
        return [{ pid: Number(name), parent: Number(parent), isZombie: state === 'Z', command }]
      } catch {
        return [] // It ended while we looked.
      }
    })
    const isOurs = (look: (typeof looks)[number]): boolean =>
      look.command.includes(`${this.folder}/`) && look.command.includes('main.py')
    const known = new Set([this.server.pid, ...looks.filter(isOurs).map(({ pid }) => pid)])
    return looks.filter((look) => isOurs(look) || (look.isZombie && known.has(look.parent)))
  }

  /** What has been noted by the application, line by line. */
  noted(name: string): readonly string[] {
    const path = join(this.site.root, name)
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []
  }

  /** Files in the temporary folder, without the one socket and its folder. */
  leftovers(): readonly string[] {
    return readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !/^postern-fastcgi-\w+(?:\/1\.sock)?$/.test(name),
    )
  }

  /** Connections that are kept. */
  hangUp(): void {
    this.#agent.destroy()
  }

  /** It has not ended by itself. */
  async runs(): Promise<boolean> {
    return (await Promise.race([this.server.exited, sleep(100, 'it runs')])) === 'it runs'
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy()
    const ours = this.processes()
    await this.server[Symbol.asyncDispose]()
    for (const { pid } of [...ours, ...this.processes()]) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended.
      }
    }
    this.site[Symbol.dispose]()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What the whole answer would be. */
export function expected({ kind, id, body = '', query = '' }: Ask): string {
  const number = (name: string, usual: number): number =>
    Number(new RegExp(`\\b${name}=(\\d+)`).exec(query)?.[1] ?? usual)
  if (kind === 'upload') return `${id} ${createHash('md5').update(body, 'latin1').digest('hex')}`
  if (kind === 'stream') return `${id} `.repeat(number('chunks', 20) * number('size', 500))
  return `${id} `.repeat({ large: 40_000, write: 2000 }[kind] ?? 20)
}

/** A small generator of its own, so that a failing run can be had again. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** In kilobytes. */
export function residentOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}
