// A client that writes the bytes it is told to, and reads an answer to its last byte, interim answers apart.

import { connect } from 'node:net'

export interface PeerRequest {
  /** Default GET. */
  readonly method?: string
  readonly target: string
  /** Default HTTP/1.1. */
  readonly version?: string
  /** Beside Host and Connection: close. Lines without their ends; one character is one byte. */
  readonly fields?: readonly string[]
  /** Undefined: `127.0.0.1:PORT` of the server; null: no Host field. */
  readonly host?: string | null
  /** Sent after the head; where Expect is among the fields, after the interim answer. One character is one byte. */
  readonly body?: string
}

export interface PeerAnswer {
  /** Statuses of interim answers. */
  readonly interim: readonly number[]
  /** 0: not a byte came, or nothing that is HTTP. */
  readonly status: number
  readonly reason: string
  /** Lower-case names, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Without its framing. */
  readonly body: string
  /** Whether the body ended as its framing says. */
  readonly whole: boolean
}

const longestMs = 15_000
/** How long an interim answer is waited for (RFC 9110 10.1.1: a client need not wait for ever). */
const continueMs = 400

export async function ask(url: string, request: PeerRequest, ms: number = longestMs): Promise<PeerAnswer> {
  const { method = 'GET', target, version = 'HTTP/1.1', fields = [], host = new URL(url).host, body = '' } = request
  const lines = [
    `${method} ${target} ${version}`,
    ...(host === null ? [] : [`Host: ${host}`]),
    'Connection: close',
    ...fields,
  ]
  const waits = fields.some((line) => /^expect:/i.test(line))
  return readAnswer(await exchange(url, `${lines.join('\r\n')}\r\n\r\n`, body, waits, ms), method)
}

/** Sends both parts and collects what comes until the server closes. */
function exchange(url: string, head: string, body: string, waits: boolean, ms: number): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ host: hostname, port: Number(port) })
    const timer = setTimeout(() => socket.destroy(new Error('no end of the answer')), ms)
    let isBodySent = !waits
    const sendBody = (): void => {
      if (isBodySent) return
      isBodySent = true
      if (body !== '') socket.write(Buffer.from(body, 'latin1'))
    }
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      sendBody()
    })
    socket.on('error', (error) => {
      // A server that refused a body may reset the connection after its answer.
      if (chunks.length === 0) reject(error)
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(chunks).toString('latin1'))
    })
    socket.write(Buffer.from(waits ? head : head + body, 'latin1'))
    if (waits) setTimeout(sendBody, continueMs)
  })
}

function readAnswer(raw: string, method: string): PeerAnswer {
  const interim: number[] = []
  let rest = raw
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    const [line = '', ...lines] = rest.slice(0, end === -1 ? 0 : end).split('\r\n')
    const match = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(line)
    if (match === null) return { interim, status: 0, reason: '', fields: [], body: rest, whole: rest === '' }
    const status = Number(match[1])
    rest = rest.slice(end + 4)
    if (status < 200) {
      interim.push(status)
      continue
    }
    const fields = lines.map((text): readonly [string, string] => {
      const colon = text.indexOf(':')
      return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()]
    })
    const hasBody = method !== 'HEAD' && status !== 204 && status !== 304
    return {
      interim,
      status,
      reason: match[2] ?? '',
      fields,
      ...(hasBody ? unframe(rest, fields) : { body: rest, whole: rest === '' }),
    }
  }
}

function unframe(rest: string, fields: PeerAnswer['fields']): { body: string; whole: boolean } {
  const value = (name: string): string | undefined => fields.find(([key]) => key === name)?.[1]
  if (value('transfer-encoding') === 'chunked') return unchunk(rest)
  const length = value('content-length')
  return { body: rest, whole: length === undefined || Number(length) === rest.length }
}

function unchunk(framed: string): { body: string; whole: boolean } {
  const parts: string[] = []
  for (let at = 0; ;) {
    const end = framed.indexOf('\r\n', at)
    const size = Number.parseInt(framed.slice(at, end), 16)
    if (end === -1 || Number.isNaN(size)) return { body: parts.join(''), whole: false }
    if (size === 0) return { body: parts.join(''), whole: framed.slice(end) === '\r\n\r\n' }
    parts.push(framed.slice(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
