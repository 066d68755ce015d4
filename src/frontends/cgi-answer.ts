// An answer as a gateway interface carries it (RFC 3875 6): a head with a Status field, or with the status line of HTTP,
// and the body as it is. Framing, Date and Connection are the web server's.

import { bytesOf, type Bytes } from '../bytes/byte-string.ts'
import type { Delivery, GatewayAnswer } from '../gateway/request-facts.ts'
import { reasonPhrase } from '../gateway/status-words.ts'
import { announcedLength } from './announced-length.ts'
import type { FedBody } from './fed-body.ts'
import { leaveBody } from './leave-body.ts'

/** `field`: CGI, FastCGI and SCGI. `line`: uwsgi, whose clients expect an HTTP answer. */
export type StatusForm = 'field' | 'line'

/** Whoever takes an answer's bytes. */
export interface AnswerSink {
  /** Of the request. */
  readonly body: Pick<FedBody, 'completed'>
  readonly isGone: boolean
  /** The parts in their order, at once. */
  write(parts: readonly Uint8Array[]): void
  /** Resolves when more may be written, or the other side is gone. */
  ready(): Promise<void>
  /**
   * The other side has as many bytes as were announced, and its answer may end before the script does. Resolves to whether
   * it has; if not, it ends with the script.
   */
  endEarly(): Promise<boolean>
}

/** A body that is this late lets its head go first. */
const headAloneMs = 10

export function encodeAnswerHead({ status, reason, fields }: GatewayAnswer, form: StatusForm): Buffer {
  const words = `${status} ${reason ?? reasonPhrase(status)}`
  let head = form === 'field' ? `Status: ${words}\r\n` : `HTTP/1.1 ${words}\r\n`
  for (const [name, value] of fields) {
    // Security: a second status, of an NPH program, that some servers would take for theirs.
    if (name.toLowerCase() !== 'status') head += `${name}: ${value}\r\n`
  }
  return bytesOf(`${head}\r\n`)
}

export interface Written extends Delivery {
  /** The body came to its end, or to its announced length. */
  readonly isWhole: boolean
}

/** Does not tell the answer that it was delivered: its caller may have an end to write first. */
export async function writeAnswerTo(sink: AnswerSink, answer: GatewayAnswer, form: StatusForm): Promise<Written> {
  const { body } = answer
  if (sink.isGone) {
    await leaveBody(body)
    return { bodyBytes: 0, clientGone: true, isWhole: false }
  }
  const head = encodeAnswerHead(answer, form)
  if (body === undefined || body instanceof Uint8Array) {
    sink.write(body === undefined ? [head] : [head, body])
    await sink.ready()
    return { bodyBytes: body?.length ?? 0, clientGone: sink.isGone, isWhole: !sink.isGone }
  }
  // nginx stops sending a body as soon as it hears of an answer. Whole answers may be that early; one that comes in parts
  // may depend on the rest of the body.
  await sink.body.completed()
  return writeStream(sink, head, body, announcedLength(answer))
}

async function writeStream(
  sink: AnswerSink,
  head: Uint8Array,
  body: Bytes,
  announced: number | undefined,
): Promise<Written> {
  let bodyBytes = 0
  let isEnded = false
  let pending: Uint8Array | undefined = head
  const takeHead = (): readonly Uint8Array[] => {
    const parts = pending === undefined ? [] : [pending]
    pending = undefined
    return parts
  }
  const late = setTimeout(() => sink.write(takeHead()), headAloneMs)
  try {
    if (announced === 0) {
      clearTimeout(late)
      sink.write(takeHead())
      await sink.ready()
      isEnded = !sink.isGone && (await sink.endEarly())
    }
    for await (const chunk of body) {
      clearTimeout(late)
      if (isEnded) continue
      if (sink.isGone) break
      sink.write([...takeHead(), chunk])
      bodyBytes += chunk.length
      await sink.ready()
      if (sink.isGone) break
      // RFC 9112 6.2: then the client has all. What the script still does is not its affair: it may ask on, or go.
      if (bodyBytes === announced) isEnded = await sink.endEarly()
    }
    clearTimeout(late)
    if (isEnded) return { bodyBytes, clientGone: false, isWhole: true }
    if (!sink.isGone) sink.write(takeHead())
    await sink.ready()
    return { bodyBytes, clientGone: sink.isGone, isWhole: !sink.isGone }
  } catch {
    // Already reported.
    if (isEnded) return { bodyBytes, clientGone: false, isWhole: true }
    if (!sink.isGone) sink.write(takeHead())
    return { bodyBytes, clientGone: sink.isGone, isWhole: false }
  } finally {
    clearTimeout(late)
  }
}
