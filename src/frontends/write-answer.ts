// Writes an answer to a node:http response, with backpressure, and says how much of it the connection took.

import { STATUS_CODES, type ServerResponse } from 'node:http'
import { byteStringOf } from '../bytes/byte-string.ts'
import type { Delivery, GatewayAnswer } from '../gateway/request-facts.ts'
import type { Field } from '../protocol/http/fields.ts'
import { announcedLength } from './announced-length.ts'
import type { IncomingBody } from './incoming-body.ts'
import { leaveBody } from './leave-body.ts'
import { discardBytes, discardMs } from './refusal.ts'

export interface WriteLimits {
  /** Milliseconds in which a client must take something of what has been written; 0 is no limit. */
  readonly sendTimeoutMs: number
}

/** node:http writes a head and a short string in one piece, but a head and a buffer in two. */
const inOneWrite = 16 * 1024

/** Of an answer, handed to the connection and not yet taken by the client. */
const heldBytes = 256 * 1024

/** A body that is this late lets its head go first: a client of events waits for it. */
const headAloneMs = 10

export async function writeAnswer(
  answer: GatewayAnswer,
  requestBody: IncomingBody,
  response: ServerResponse,
  limits: WriteLimits,
): Promise<Delivery> {
  const { body } = answer
  // RFC 9112 9.3: a body that nobody read cannot be told from the next request.
  const mustClose = !requestBody.isComplete
  const isWhole = body === undefined || body instanceof Uint8Array
  if (isWhole) await loopTurnEnd()
  // A broken request body has been answered already (refusal.ts).
  if (response.destroyed || response.headersSent) {
    await leaveBody(body)
    return { bodyBytes: 0, clientGone: true }
  }
  if (mustClose) response.shouldKeepAlive = false
  writeHead(response, answer)
  if (!mustClose && isWhole) {
    if (body === undefined) response.end()
    else if (body.length <= inOneWrite) response.end(byteStringOf(body), 'latin1')
    else response.end(body)
    await taken(response, limits.sendTimeoutMs, 'close')
    return { bodyBytes: body?.length ?? 0, clientGone: !response.writableFinished }
  }
  const announced = announcedLength(answer)
  let bodyBytes = 0
  let late: NodeJS.Timeout | undefined
  try {
    if (body instanceof Uint8Array) {
      bodyBytes = body.length
      response.write(body)
    } else if (body !== undefined) {
      if (announced === 0 && !mustClose) response.end()
      else late = setTimeout(() => sendHead(response), headAloneMs)
      for await (const chunk of body) {
        clearTimeout(late)
        if (isLost(response)) break
        // A write after the end would be an error that nobody hears.
        if (response.writableEnded) continue
        // Most writes are taken at once, whatever `write` says of them.
        if (!response.write(chunk) && response.writableLength > heldBytes)
          await taken(response, limits.sendTimeoutMs, 'drain')
        if (isLost(response)) break
        bodyBytes += chunk.length
        // RFC 9112 6.2: then the client has all. What the script still does is not its affair: it may ask on, or go.
        if (bodyBytes === announced && !mustClose) response.end()
      }
    }
    // Once its connection is gone, node:http takes an answer for finished.
    if (isLost(response)) return { bodyBytes, clientGone: true }
    if (mustClose) {
      if (body === undefined) sendHead(response)
      await requestBody.discard(discardBytes, discardMs)
    }
    if (!response.writableEnded) response.end()
  } catch {
    // Already reported. Only a broken connection tells the client that the body is not whole (RFC 9112 8).
    const clientGone = isLost(response)
    if (response.writableFinished) return { bodyBytes, clientGone }
    await Promise.all([breakOff(response, limits), leaveBody(body)])
    return { bodyBytes, clientGone }
  } finally {
    clearTimeout(late)
  }
  await taken(response, limits.sendTimeoutMs, 'close')
  return { bodyBytes, clientGone: !response.writableFinished }
}

let loopTurn: Promise<void> | undefined

/** Answers are written one right after the other: a client or proxy that each write must wake costs more than they do. */
function loopTurnEnd(): Promise<void> {
  loopTurn ??= new Promise((resolve) => {
    setImmediate(() => {
      loopTurn = undefined
      resolve()
    })
  })
  return loopTurn
}

function writeHead(response: ServerResponse, { status, reason, fields }: GatewayAnswer): void {
  const raw: string[] = []
  for (const [name, value] of fields) raw.push(name, value)
  response.sendDate = !hasField(fields, 'date')
  response.strictContentLength = false
  // Node would write "unknown" for a status that nobody registered.
  response.writeHead(status, reason ?? STATUS_CODES[status] ?? '', raw)
}

/** Its connection is gone, and it had not been taken. */
function isLost(response: ServerResponse): boolean {
  return response.destroyed && !response.writableFinished
}

/** Not `flushHeaders`, which writes the head as UTF-8 and so changes bytes that are not ASCII. */
function sendHead(response: ServerResponse): void {
  if (!response.destroyed) response.write('', 'latin1')
}

function hasField(fields: readonly Field[], lowerCaseName: string): boolean {
  return fields.some(([name]) => name.toLowerCase() === lowerCaseName)
}

/** What has been written still goes out, in its turn: it may be all that anybody will ever learn. */
async function breakOff(response: ServerResponse, limits: WriteLimits): Promise<void> {
  await itsTurn(response)
  // Newer versions of Node hold writes back until the end of the turn, and would lose them.
  await loopTurnEnd()
  if (response.socket === null || response.destroyed) {
    response.destroy()
    return
  }
  response.socket.destroySoon()
  await taken(response, limits.sendTimeoutMs, 'close')
}

/** Resolves when an answer that waited for those before it (pipelining, RFC 9112 9.3.2) is sent, or never will be. */
async function itsTurn(response: ServerResponse): Promise<void> {
  if (response.socket !== null || response.destroyed) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      response.off('socket', end).off('close', end)
      resolve()
    }
    response.once('socket', end).once('close', end)
  })
}

/** Resolves when the client has taken what was written, or is gone; a client that takes nothing is cut off. */
async function taken(response: ServerResponse, limitMs: number, event: 'drain' | 'close'): Promise<void> {
  await itsTurn(response)
  const { socket } = response
  if (socket === null || response.destroyed || response.writableFinished) return
  // A socket's own timer is the one that sees a part of a large write being taken.
  const before = socket.timeout ?? 0
  const cutOff = (): void => void response.destroy()
  if (limitMs !== 0 && response.writableLength > 0) socket.setTimeout(limitMs)
  response.once('timeout', cutOff)
  await new Promise<void>((resolve) => {
    const end = (): void => {
      response.off('drain', end).off('close', end).off('finish', end).off('timeout', cutOff)
      if (socket.timeout === limitMs) socket.setTimeout(before)
      resolve()
    }
    // Before node:http's own listener, which sets the time that a kept connection has.
    response.once(event, end).once('close', end).prependOnceListener('finish', end)
  })
}
