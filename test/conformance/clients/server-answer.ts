// An answer of a gateway interface as the web server in front reads it: a head with Status, or with a status line, and a
// body whose end must be believable.

import { byteStringOf, bytesOf, type Bytes } from '../../../src/bytes/byte-string.ts'
import type { OpenAnswer } from '../case.ts'

/** `output`: an iteration that throws where the other side broke off. */
export async function readAnswer(output: Bytes, method: string, leave: () => void): Promise<OpenAnswer> {
  const chunks = output[Symbol.asyncIterator]()
  let text = ''
  let end = -1
  while (end === -1) {
    const result = await chunks.next()
    if (result.done === true) throw new Error(`no whole head: ${JSON.stringify(text)}`)
    text += byteStringOf(result.value)
    end = text.indexOf('\r\n\r\n')
  }
  const lines = text.slice(0, end).split('\r\n')
  const statusLine = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(lines[0] ?? '')
  if (statusLine !== null) lines.shift()
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')]
  })
  const ofField = /^(\d{3}) ?(.*)$/.exec(fields.find(([name]) => name === 'status')?.[1] ?? '')
  const [, status = '0', reason = ''] = statusLine ?? ofField ?? []
  const length = fields.find(([name]) => name === 'content-length')?.[1]
  const isBodiless = method === 'HEAD' || status === '204' || status === '304'
  const announced = isBodiless || length === undefined ? undefined : Number(length)
  return {
    status: Number(status),
    reason,
    fields: fields.filter(([name]) => name !== 'status'),
    body: bodyOf(bytesOf(text.slice(end + 4)), chunks, announced),
    leave,
  }
}

async function* bodyOf(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  announced: number | undefined,
): AsyncGenerator<Uint8Array> {
  let bytes = first.length
  if (first.length > 0) yield first
  for (let result = await rest.next(); result.done !== true; result = await rest.next()) {
    bytes += result.value.length
    yield result.value
  }
  if (announced !== undefined && bytes !== announced) throw new Error(`${bytes} bytes of ${announced}`)
}
