// What an operator must know: failures with cause and mend, standard error of scripts line by line (a
// traceback whole), what was refused.

import { pino, type DestinationStream } from 'pino'
import type { GatewayEvent, Observer } from '../events/events.ts'
import { textOf } from '../bytes/byte-string.ts'
import { terminalSafeJson } from './escape.ts'
import { stepText } from './step-text.ts'
import { Tracebacks } from './tracebacks.ts'

/** JSON lines, through pino. Text from outside is escaped by JSON itself. */
export function errorLog(out: DestinationStream): Observer {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, terminalSafeJson(out))
  const tracebacks = new Tracebacks()
  return (event: GatewayEvent) => {
    switch (event.type) {
      case 'script-failed': {
        const { id, failure, diagnosis } = event
        tracebacks.flush(id)
        log.error({ id, script: textOf(event.script), failure, ...diagnosis }, 'script failed')
        break
      }
      case 'diagnostic-line': {
        const { id } = event
        const script = textOf(event.script)
        tracebacks.push(id, textOf(event.line), ({ line, text }) => log.warn({ id, script, text }, line))
        break
      }
      case 'request-refused':
        log.info({ id: event.id, status: event.status }, event.why)
        break
      case 'field-dropped':
        log.info({ id: event.id, field: textOf(event.name) }, `field dropped: ${event.why}`)
        break
      case 'launcher-ready': {
        const interpreter = textOf(event.interpreter)
        const left = event.left.map(({ module, reason }) => `${textOf(module)}: ${textOf(reason)}`)
        log.info({ interpreter, steps: event.steps.map(stepText), left }, 'a warm interpreter is ready')
        break
      }
      case 'notice': {
        const [, name = '', said = event.text] = /^(\S+: )([^]*)$/.exec(event.text) ?? []
        const { details } = event
        if (details !== undefined) log.warn({ text: details }, event.text)
        else tracebacks.push(`of ${name}`, said, ({ line, text }) => log.warn({ text }, name + line))
        break
      }
      case 'program-started':
      case 'program-ended':
      case 'request-ended':
        break
    }
  }
}
