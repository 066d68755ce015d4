// Addresses as people write them: `unix:/run/app.sock`, `127.0.0.1:9000`, `[::1]:9000`, `fd:0`, `systemd`; and with the
// protocol before them, `fastcgi:unix:/run/app.sock`.

import { resolve } from 'node:path'
import { isIP } from 'node:net'

export type SocketAddress =
  | { readonly kind: 'unix'; readonly path: string }
  /** An IPv6 address stands without its brackets. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'fd'; readonly fd: number }
  /** Sockets that systemd hands over: all, or those of one FileDescriptorName. */
  | { readonly kind: 'systemd'; readonly name: string | undefined }

export const protocols = ['http', 'fastcgi', 'scgi', 'uwsgi'] as const
export type ProtocolName = (typeof protocols)[number]

export interface ListenAddress {
  readonly protocol: ProtocolName
  readonly address: SocketAddress
}

/** What a Unix socket's path may take: sun_path holds 108 bytes with their end, 104 on macOS. */
const longestPath = process.platform === 'linux' ? 107 : 103

/** `KIND:ADDRESS`. Throws TypeError that says what is wrong and how it is written. */
export function parseListenAddress(text: string): ListenAddress {
  const colon = text.indexOf(':')
  const name = colon === -1 ? text : text.slice(0, colon)
  const protocol = protocols.find((known) => known === name)
  if (protocol === undefined && isSocketAddress(text)) throw new TypeError(`listen: ${kindMissing(text)}`)
  if (protocol === undefined || colon === -1) {
    throw new TypeError(
      `listen takes KIND:ADDRESS, where KIND is ${protocols.join(', ')}, as in fastcgi:unix:/run/postern.sock or http:127.0.0.1:8080, not ${JSON.stringify(text)}`,
    )
  }
  return { protocol, address: parseSocketAddress(text.slice(colon + 1)) }
}

/** An address, and no protocol before it. */
export function isSocketAddress(text: string): boolean {
  return /^(?:unix:|fd:|systemd(?::|$)|\[|\/|[A-Za-z0-9._-]*\.[A-Za-z0-9._-]*:\d+$|localhost:)/.test(text)
}

export function kindMissing(text: string): string {
  const address = text.startsWith('/') ? `unix:${text}` : text
  return `the protocol is missing before ${JSON.stringify(text)}: write fastcgi:${address}, or http, scgi or uwsgi in its place`
}

/** Throws TypeError that says what is wrong and how it is written. */
export function parseSocketAddress(text: string): SocketAddress {
  const wrong = (why: string): TypeError => new TypeError(`${JSON.stringify(text)} is no address to listen on: ${why}`)
  if (text === 'systemd') return { kind: 'systemd', name: undefined }
  if (text.startsWith('systemd:')) {
    const name = text.slice('systemd:'.length)
    if (!/^[\x21-\x39\x3b-\x7e]{1,255}$/.test(name))
      throw wrong('after systemd: stands the FileDescriptorName of a socket unit')
    return { kind: 'systemd', name }
  }
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length)
    if (path === '' || path.includes('\0')) throw wrong('after unix: stands the path of the socket file')
    const whole = resolve(path)
    if (Buffer.byteLength(whole) > longestPath) {
      throw wrong(
        `the path of a Unix socket has at most ${longestPath} bytes, and this one ${Buffer.byteLength(whole)}`,
      )
    }
    return { kind: 'unix', path: whole }
  }
  if (text.startsWith('fd:')) {
    const digits = text.slice('fd:'.length)
    if (!/^\d{1,6}$/.test(digits)) throw wrong('after fd: stands the number of a descriptor that listens, as in fd:0')
    return { kind: 'fd', fd: Number(digits) }
  }
  return parseHostPort(text, wrong)
}

function parseHostPort(text: string, wrong: (why: string) => TypeError): SocketAddress {
  if (text.startsWith('//')) throw wrong(`it stands without slashes, as in ${text.replace(/^\/+|\/+$/g, '')}`)
  if (text.startsWith('/') || text.startsWith('.')) throw wrong(`a Unix socket is written unix:${text}`)
  if (/^\d+$/.test(text)) throw wrong(`a port stands with the address that it is of, as in 127.0.0.1:${text}`)
  if (isIP(text) === 6) throw wrong(`an IPv6 address stands in brackets and with a port, as in [${text}]:9000`)
  const match = /^(?:\[([^\]]*)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text)
  if (match === null) throw wrong('it is unix:/path, HOST:PORT, [IPv6]:PORT, fd:N or systemd')
  const [, bracketed, plain, digits] = match
  if (bracketed !== undefined && isIP(bracketed.replace(/%.*$/, '')) !== 6)
    throw wrong('in the brackets stands an IPv6 address')
  const port = Number(digits)
  if (port > 65535) throw wrong('a port is a number from 0 to 65535')
  return { kind: 'tcp', host: bracketed ?? plain ?? '', port }
}
