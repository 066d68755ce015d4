// A client of bytes: what is sent is what the test wrote, and what came back is seen as it came.

import { connect } from 'node:net'

export interface WireAnswer {
  readonly status: number
  readonly reason: string
  /** Lower-case names, in order. */
  readonly fields: readonly (readonly [string, string])[]
  /** Everything after the head, still framed. One character is one byte. */
  readonly rest: string
  readonly raw: string
}

/** Sends the bytes (latin1) and collects the answer until the server closes, or `ms` pass. */
export function exchangeBytes(url: string, bytes: string | Uint8Array, ms = 3000): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect({ host: hostname, port: Number(port) })
    const timer = setTimeout(() => socket.destroy(), ms)
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      answer += String(text)
    })
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)))
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(answer)
    })
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  })
}

export function parseAnswer(raw: string): WireAnswer {
  const end = raw.indexOf('\r\n\r\n')
  const [line = '', ...lines] = raw.slice(0, end === -1 ? raw.length : end).split('\r\n')
  const match = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(line)
  const fields = lines.map((text): [string, string] => {
    const colon = text.indexOf(':')
    return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()]
  })
  return {
    status: Number(match?.[1] ?? 0),
    reason: match?.[2] ?? '',
    fields,
    rest: end === -1 ? '' : raw.slice(end + 4),
    raw,
  }
}

export function field(answer: Pick<WireAnswer, 'fields'>, name: string): string | undefined {
  return answer.fields.find(([key]) => key === name)?.[1]
}
