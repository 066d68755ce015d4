// The log of a developer's terminal: one line a request, and under it what its script said and why it failed.

import { styleText } from 'node:util'
import type { DestinationStream } from 'pino'
import type { GatewayEvent, Observer } from '../events/events.ts'
import { escapeControls, shownBytes } from './escape.ts'
import { stepText } from './step-text.ts'

type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'gray'

export function prettyLog(out: DestinationStream, { colours }: { readonly colours: boolean }): Observer {
  const paint = (colour: Colour, text: string): string => (colours ? styleText(colour, text) : text)
  const lineOf = (event: GatewayEvent): string | undefined => {
    switch (event.type) {
      case 'request-ended': {
        const { request, status, bodyBytes, durationMs, clientGone } = event
        const time = new Date(event.startedAt).toTimeString().slice(0, 8)
        const what = `${request.method} ${shownBytes(request.target)}`
        const end = clientGone ? paint('yellow', 'client gone') : `${bodyBytes} B`
        const took = paint('gray', `${durationMs.toFixed(1)} ms  ${short(request.id)}`)
        return `${paint('gray', time)} ${paint(statusColour(status), String(status))} ${what}  ${end}  ${took}`
      }
      case 'script-failed': {
        const { cause, mend } = event.diagnosis
        const name = paint('red', `${short(event.id)} ${shownBytes(event.script)}`)
        return `${name}\n    cause: ${escapeControls(cause)}\n    mend:  ${escapeControls(mend)}`
      }
      case 'diagnostic-line':
        return `${paint('yellow', `${short(event.id)} stderr`)} ${shownBytes(event.line)}`
      case 'request-refused':
        return paint('gray', `${short(event.id)} ${event.status}: ${escapeControls(event.why)}`)
      case 'field-dropped':
        return paint('gray', `${short(event.id)} field ${shownBytes(event.name)} dropped: ${escapeControls(event.why)}`)
      case 'launcher-ready': {
        const { interpreter, steps, left } = event
        const lines = [...steps.map(stepText), ...left.map(({ module, reason }) => `left out ${module}: ${reason}`)]
        return paint('gray', shownBytes(`${interpreter} is warm: ${lines.join(', ')}`))
      }
      case 'notice': {
        const details = (event.details ?? '').split('\n').filter((line) => line.trim() !== '')
        return [
          paint('yellow', escapeControls(event.text)),
          ...details.map((line) => `    ${escapeControls(line)}`),
        ].join('\n')
      }
      case 'program-started':
      case 'program-ended':
        return undefined
    }
  }
  return (event) => {
    const line = lineOf(event)
    if (line !== undefined) out.write(`${line}\n`)
  }
}

function statusColour(status: number): Colour {
  if (status >= 500) return 'red'
  if (status >= 400) return 'yellow'
  return status >= 300 ? 'cyan' : 'green'
}

/** Enough of an id to tell neighbours apart; the whole stands on the error page and in UNIQUE_ID. */
function short(id: string): string {
  return id.slice(0, 8)
}
