// Splits what came back on one connection into its answers, as a strict client would (RFC 9112 section 6).

import { field, parseAnswer, type WireAnswer } from '../support/wire.ts'

export interface Answers {
  /** Complete final answers, in order. `rest` is the body, without its framing. */
  readonly final: readonly WireAnswer[]
  /** How many interim answers (1xx) there were. */
  readonly interim: number
  /** What came after the last complete answer. */
  readonly left: string
}

/** `closed`: nothing more will come, so that a body without a length is complete. */
export function readAnswers(raw: string, methods: readonly string[], closed: boolean): Answers {
  const final: WireAnswer[] = []
  let interim = 0
  let left = raw
  while (left.includes('\r\n\r\n')) {
    const answer = parseAnswer(left)
    if (answer.status === 0) break
    const isInterim = answer.status < 200
    const hasBody = !isInterim && answer.status !== 204 && answer.status !== 304 && methods[final.length] !== 'HEAD'
    const body = hasBody ? readBody(answer, closed) : { content: '', length: 0 }
    if (body === undefined) break
    left = answer.rest.slice(body.length)
    if (isInterim) interim++
    else final.push({ ...answer, rest: body.content })
  }
  return { final, interim, left }
}

/** Undefined: it is not complete. */
function readBody(
  answer: WireAnswer,
  closed: boolean,
): { readonly content: string; readonly length: number } | undefined {
  const { rest } = answer
  const announced = field(answer, 'content-length')
  if (field(answer, 'transfer-encoding') !== undefined) {
    if (announced !== undefined) throw new Error('an answer with Content-Length and Transfer-Encoding')
    return readChunks(rest)
  }
  if (announced === undefined) return closed ? { content: rest, length: rest.length } : undefined
  const length = Number(announced)
  return rest.length < length ? undefined : { content: rest.slice(0, length), length }
}

function readChunks(text: string): { readonly content: string; readonly length: number } | undefined {
  let content = ''
  for (let at = 0; ;) {
    const end = text.indexOf('\r\n', at)
    if (end === -1) return undefined
    const size = Number.parseInt(text.slice(at, end), 16)
    if (Number.isNaN(size)) throw new Error(`not a chunk: ${JSON.stringify(text.slice(at, end))}`)
    const next = end + 2 + size + 2
    if (text.length < next) return undefined
    content += text.slice(end + 2, end + 2 + size)
    if (size === 0) return { content, length: next }
    at = next
  }
}
