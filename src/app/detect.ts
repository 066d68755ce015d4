// How a program was started, and so how it is asked: by its command line, its environment, descriptor 0 or systemd.

import { fstatSync } from 'node:fs'
import { isListening } from './listening-socket.ts'

export type Start =
  | { readonly kind: 'cgi' }
  /** KIND:ADDRESS each. `isByHand`: somebody at a terminal may want to read where. */
  | { readonly kind: 'listen'; readonly addresses: readonly string[]; readonly isByHand: boolean }

export interface Surroundings {
  readonly words: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly pid: number
  /** Whether a descriptor is a socket that listens; undefined: a socket, and nobody knows. */
  readonly isListening: (fd: number) => boolean | undefined
}

export function ofThisProcess(): Surroundings {
  return { words: process.argv.slice(2), environment: process.env, pid: process.pid, isListening: isSocketThatListens }
}

/**
 * `--listen` of whoever starts it wins over POSTERN_LISTEN, and both over the program's own `listen`; then comes what
 * can be seen. Throws TypeError for what is no address.
 */
export function detectStart(
  listen: string | readonly string[] | undefined,
  { words, environment, pid, isListening: listens }: Surroundings,
): Start {
  const isCgi = /^CGI\//i.test(environment['GATEWAY_INTERFACE'] ?? '') && (environment['REQUEST_METHOD'] ?? '') !== ''
  // Security: CVE-2012-1823 and kin. RFC 3875 4.4: in a CGI program the words are the client's, out of the query.
  const asked = (isCgi ? [] : flagsOf(words)) satisfies readonly string[]
  const outside = [asked, splitWords(environment['POSTERN_LISTEN'])].find((addresses) => addresses.length > 0)
  if (outside !== undefined) return startOf(outside, true)
  const own = typeof listen === 'string' ? [listen] : (listen ?? [])
  if (own.length > 0) return startOf(own, false)
  const sockets = systemdSockets(environment, pid)
  if (sockets.length > 0) return { kind: 'listen', addresses: sockets, isByHand: false }
  // FastCGI 2.2. Before CGI: what a CGI program starts inherits its variables.
  const onZero = listens(0)
  if (onZero === true || (onZero === undefined && !isCgi)) {
    return { kind: 'listen', addresses: ['fastcgi:fd:0'], isByHand: false }
  }
  if (isCgi) return { kind: 'cgi' }
  return { kind: 'listen', addresses: [usualAddress(environment)], isByHand: true }
}

function startOf(addresses: readonly string[], isByHand: boolean): Start {
  if (!addresses.includes('cgi')) return { kind: 'listen', addresses, isByHand }
  if (addresses.length > 1)
    throw new TypeError('listen: "cgi" stands alone, for a CGI program answers one request and ends')
  return { kind: 'cgi' }
}

/** `--listen KIND:ADDRESS` and `--listen=KIND:ADDRESS`, up to `--`. Other words are the program's own. */
function flagsOf(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--')
  const own = end === -1 ? words : words.slice(0, end)
  return own.flatMap((word, at) => {
    if (word.startsWith('--listen=')) return [word.slice('--listen='.length)]
    if (word !== '--listen') return []
    const value = own[at + 1]
    if (value === undefined)
      throw new TypeError('--listen takes KIND:ADDRESS, such as fastcgi:unix:/run/app.sock, http:127.0.0.1:3000 or cgi')
    return [value]
  })
}

function splitWords(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '')
}

/** sd_listen_fds: what is for another process is not for us. */
function systemdSockets(environment: NodeJS.ProcessEnv, pid: number): readonly string[] {
  const { LISTEN_PID, LISTEN_FDS = '', LISTEN_FDNAMES = '' } = environment
  if (LISTEN_PID !== String(pid) || !/^[1-9]\d{0,2}$/.test(LISTEN_FDS)) return []
  const names = LISTEN_FDNAMES.split(':')
  return Array.from({ length: Number(LISTEN_FDS) }, (_, at) => {
    const [, kind = 'http'] = /(?:^|[^a-z])(fastcgi|scgi|uwsgi|http)(?:[^a-z]|$)/i.exec(names[at] ?? '') ?? []
    return `${kind.toLowerCase()}:fd:${at + firstDescriptor}`
  })
}

const firstDescriptor = 3

/** As hosting services say it. Security: this machine alone, unless HOST says otherwise. */
function usualAddress({ PORT, HOST }: NodeJS.ProcessEnv): string {
  const host = HOST === undefined || HOST === '' ? '127.0.0.1' : HOST
  const port = PORT === undefined || PORT === '' ? '3000' : PORT
  if (!/^\d{1,5}$/.test(port)) throw new TypeError(`PORT is a number from 0 to 65535, not ${JSON.stringify(port)}`)
  return `http:${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
}

function isSocketThatListens(fd: number): boolean | undefined {
  try {
    const stat = fstatSync(fd)
    return stat.isSocket() ? isListening(stat.ino) : false
  } catch {
    return false // It is closed.
  }
}
