// Web servers' sides of FastCGI, SCGI and uwsgi, written from the specifications and not from our own encoders.

import { connect, type Socket } from 'node:net'

export type Variables = Readonly<Record<string, string>>

/** What a server says of a plain request. */
export function variablesOf(path: string, more: Variables = {}): Variables {
  return {
    REQUEST_METHOD: 'GET',
    SCRIPT_NAME: path,
    QUERY_STRING: '',
    REQUEST_URI: path,
    SERVER_PROTOCOL: 'HTTP/1.1',
    SERVER_NAME: 'a.example',
    SERVER_PORT: '80',
    REMOTE_ADDR: '192.0.2.1',
    REMOTE_PORT: '1234',
    HTTP_HOST: 'a.example',
    ...more,
  }
}

/** `unix:/path` or `HOST:PORT`, with or without the protocol. */
export function open(address: string): Socket {
  const plain = address.replace(/^(?:fastcgi|scgi|uwsgi):/, '')
  const port = Number(/\d+$/.exec(plain)?.[0])
  const socket = plain.startsWith('unix:') ? connect({ path: plain.slice(5) }) : connect({ host: '127.0.0.1', port })
  socket.on('error', () => {})
  return socket
}

export interface Ended {
  readonly bytes: Buffer
  /** The code of the error that ended it, if one did. */
  readonly code: string | undefined
}

/** All that comes until the connection ends, for at most `ms`. */
export function readAll(socket: Socket, ms = 15_000): Promise<Ended> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let code: string | undefined
    const timer = setTimeout(() => {
      code = 'LATE'
      socket.destroy()
    }, ms)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      code = error.code
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ bytes: Buffer.concat(chunks), code })
    })
  })
}

export interface CgiAnswer {
  readonly status: string
  readonly fields: ReadonlyMap<string, string>
  readonly body: string
}

/** A head with a Status field or a status line, and a body, as latin1. */
export function readCgiAnswer(bytes: Uint8Array): CgiAnswer {
  const text = Buffer.from(bytes).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const lines = text.slice(0, Math.max(0, end)).split('\r\n')
  const fields = new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(': ')
      return colon === -1 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 2)] as const]
    }),
  )
  const line = /^HTTP\/1\.1 (.*)$/.exec(lines[0] ?? '')?.[1]
  return { status: line ?? fields.get('status') ?? '', fields, body: text.slice(end + 4) }
}

/** SCGI, "Request Format". */
export function scgiRequest(variables: Variables, body: Uint8Array | string = ''): Buffer {
  const all = { CONTENT_LENGTH: String(Buffer.from(body).length), SCGI: '1', ...variables }
  const pairs = Object.entries(all)
    .map(([name, value]) => `${name}\0${value}\0`)
    .join('')
  return Buffer.concat([Buffer.from(`${pairs.length}:${pairs},`, 'latin1'), Buffer.from(body)])
}

/** The uwsgi Protocol: modifier1, datasize (little endian), modifier2; names and values with their lengths. */
export function uwsgiRequest(variables: Variables, body: Uint8Array | string = '', modifier1 = 0): Buffer {
  const words = Object.entries({ CONTENT_LENGTH: String(Buffer.from(body).length), ...variables }).flatMap((pair) =>
    pair.flatMap((word) => [Buffer.from([word.length & 255, word.length >> 8]), Buffer.from(word, 'latin1')]),
  )
  const pairs = Buffer.concat(words)
  const header = Buffer.from([modifier1, pairs.length & 255, pairs.length >> 8, 0])
  return Buffer.concat([header, pairs, Buffer.from(body)])
}

/** FastCGI 8. */
export const types = {
  begin: 1,
  abort: 2,
  end: 3,
  params: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
  data: 8,
  getValues: 9,
  getValuesResult: 10,
} as const

/** FastCGI 3.3. */
export function record(type: number, id: number, content: Uint8Array | string = ''): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content)
  return Buffer.concat([Buffer.from([1, type, id >> 8, id & 255, bytes.length >> 8, bytes.length & 255, 0, 0]), bytes])
}

/** FastCGI 5.1. */
export function begin(id: number, { role = 1, keep = false } = {}): Buffer {
  return record(types.begin, id, Uint8Array.of(0, role, keep ? 1 : 0, 0, 0, 0, 0, 0))
}

/** FastCGI 3.4: in four bytes, as every length may be. */
function lengthOf(text: string): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE((text.length | 0x80000000) >>> 0)
  return bytes
}

/** FastCGI 3.4. */
export function nameValues(variables: Variables): Buffer {
  const pairs = Object.entries(variables).map(([name, value]) =>
    Buffer.concat([lengthOf(name), lengthOf(value), Buffer.from(name + value, 'latin1')]),
  )
  return Buffer.concat(pairs)
}

/** A request up to the end of its variables. */
export function fastCgiHead(id: number, variables: Variables, { keep = false, role = 1 } = {}): Buffer {
  return Buffer.concat([
    begin(id, { keep, role }),
    record(types.params, id, nameValues(variables)),
    record(types.params, id),
  ])
}

/** FastCGI 5.3: a body in records, and its end. */
export function fastCgiBody(id: number, body: Uint8Array | string = '', type: number = types.stdin): Buffer {
  const bytes = Buffer.from(body)
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 32_000) parts.push(record(type, id, bytes.subarray(at, at + 32_000)))
  return Buffer.concat([...parts, record(type, id)])
}

export function fastCgiRequest(id: number, variables: Variables, body: Uint8Array | string = '', keep = false): Buffer {
  return Buffer.concat([fastCgiHead(id, variables, { keep }), fastCgiBody(id, body)])
}

export interface FastCgiRecord {
  readonly type: number
  readonly id: number
  readonly content: Buffer
}

/** Whole records only; `left` is what is no whole one. */
export function readRecords(bytes: Buffer): { readonly records: readonly FastCgiRecord[]; readonly left: Buffer } {
  const records: FastCgiRecord[] = []
  let at = 0
  while (bytes.length - at >= 8 && bytes[at] === 1) {
    const end = at + 8 + bytes.readUInt16BE(at + 4)
    if (end + (bytes[at + 6] ?? 0) > bytes.length) break
    records.push({ type: bytes[at + 1] ?? 0, id: bytes.readUInt16BE(at + 2), content: bytes.subarray(at + 8, end) })
    at = end + (bytes[at + 6] ?? 0)
  }
  return { records, left: bytes.subarray(at) }
}

/** A stream of one request. */
export function streamOf(records: readonly FastCgiRecord[], id: number, type: number): Buffer {
  return Buffer.concat(records.filter((one) => one.id === id && one.type === type).map(({ content }) => content))
}

/** FastCGI 5.5: appStatus and protocolStatus of a request's end. */
export function endOf(records: readonly FastCgiRecord[], id: number): readonly [number, number] | undefined {
  const end = records.find((one) => one.id === id && one.type === types.end)?.content
  return end === undefined ? undefined : [end.readUInt32BE(0), end[4] ?? -1]
}

/** A connection on which records are awaited one after the other. */
export class FastCgiClient implements Disposable {
  readonly socket: Socket
  #bytes: Buffer = Buffer.alloc(0)
  #wake: () => void = () => {}
  isClosed = false

  constructor(address: string) {
    this.socket = open(address)
    this.socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#wake()
    })
    this.socket.on('close', () => {
      this.isClosed = true
      this.#wake()
    })
  }

  get records(): readonly FastCgiRecord[] {
    return readRecords(this.#bytes).records
  }

  get left(): Buffer {
    return readRecords(this.#bytes).left
  }

  send(...parts: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(parts))
  }

  /** Until the condition holds; throws where the connection is closed before, or after fifteen seconds. */
  async until(condition: (records: readonly FastCgiRecord[]) => boolean): Promise<readonly FastCgiRecord[]> {
    const deadline = performance.now() + 15_000
    while (!condition(this.records)) {
      if (this.isClosed) throw new Error(`the connection was closed after ${JSON.stringify(this.records)}`)
      if (performance.now() > deadline) throw new Error(`it did not come: ${JSON.stringify(this.records)}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return this.records
  }

  /** Until the request has ended. */
  ended(id: number): Promise<readonly FastCgiRecord[]> {
    return this.until((records) => endOf(records, id) !== undefined)
  }

  async closed(): Promise<void> {
    await this.until(() => this.isClosed)
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}
