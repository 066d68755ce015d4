// One line a request: the Common Log Format, Apache's combined format, or JSON.

import { pino, type DestinationStream } from 'pino'
import type { GatewayEvent, Observer } from '../events/events.ts'
import { textOf } from '../bytes/byte-string.ts'
import { quoted, shownBytes, terminalSafeJson } from './escape.ts'

export type AccessLogFormat = 'common' | 'combined' | 'json'

type RequestEnded = Extract<GatewayEvent, { type: 'request-ended' }>

export function accessLog(format: AccessLogFormat, out: DestinationStream): Observer {
  const write = format === 'json' ? jsonWriter(out) : textWriter(format, out)
  return (event) => {
    if (event.type === 'request-ended') write(event)
  }
}

function textWriter(format: 'common' | 'combined', out: DestinationStream): (event: RequestEnded) => void {
  return (event) => {
    const { request, status, bodyBytes, clientGone } = event
    const line = [
      request.remoteAddress,
      '-',
      request.remoteUser === undefined ? '-' : shownBytes(request.remoteUser).replace(/\s/g, '_'),
      `[${logDate(new Date(event.startedAt))}]`,
      quoted(`${request.method} ${request.target} ${request.protocol}`),
      // nginx's 499: the answer could not be delivered.
      clientGone && bodyBytes === 0 ? 499 : status,
      bodyBytes === 0 ? '-' : bodyBytes,
    ].join(' ')
    out.write(format === 'common' ? `${line}\n` : `${line} ${quoted(request.referer)} ${quoted(request.userAgent)}\n`)
  }
}

function jsonWriter(out: DestinationStream): (event: RequestEnded) => void {
  const log = pino({ base: null, timestamp: false }, terminalSafeJson(out))
  return ({ request, status, bodyBytes, startedAt, durationMs, clientGone, script }) => {
    log.info({
      time: new Date(startedAt).toISOString(),
      id: request.id,
      remoteAddress: request.remoteAddress,
      remoteUser: request.remoteUser,
      method: request.method,
      target: textOf(request.target),
      protocol: request.protocol,
      status,
      bodyBytes,
      durationMs: Math.round(durationMs * 1000) / 1000,
      clientGone,
      script: script === undefined ? undefined : textOf(script),
      referer: request.referer === undefined ? undefined : textOf(request.referer),
      userAgent: request.userAgent === undefined ? undefined : textOf(request.userAgent),
    })
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 10/Oct/2026:13:55:36 +0000 */
function logDate(date: Date): string {
  const [year, month, day] = [date.getUTCFullYear(), months[date.getUTCMonth()], pad(date.getUTCDate())]
  return `${day}/${month}/${year}:${date.toISOString().slice(11, 19)} +0000`
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}
