// What an operator must know: failures with cause and mend, standard error of scripts line by line, what was refused.

import { pino, type DestinationStream } from 'pino'
import type { GatewayEvent, Observer } from '../events/events.ts'
import { textOf } from '../bytes/byte-string.ts'
import { terminalSafeJson } from './escape.ts'
import { stepText } from './step-text.ts'

/** JSON lines, through pino. Text from outside is escaped by JSON itself. */
export function errorLog(out: DestinationStream): Observer {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, terminalSafeJson(out))
  return (event: GatewayEvent) => {
    switch (event.type) {
      case 'script-failed': {
        const { id, failure, diagnosis } = event
        log.error({ id, script: textOf(event.script), failure, ...diagnosis }, 'script failed')
        break
      }
      case 'diagnostic-line':
        log.warn({ id: event.id, script: textOf(event.script) }, textOf(event.line))
        break
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
      case 'notice':
        log.warn(event.text)
        break
      case 'program-started':
      case 'program-ended':
      case 'request-ended':
        break
    }
  }
}
