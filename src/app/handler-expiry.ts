// What is said of a handler whose time is over: to whoever mends it, and to the handler itself.

import type { ByteString } from '../bytes/byte-string.ts'
import type { Expiry } from '../executors/deadline-clock.ts'
import { visibleBytes } from '../gateway/diagnosis/show.ts'

interface Words {
  readonly option: string
  /** What follows the request, before the time. */
  readonly cause: string
  /** For the handler, before the time. */
  readonly reason: string
  readonly mend: string
}

const words: Readonly<Record<Expiry['phase'], Words>> = {
  'first-byte': {
    option: 'firstByteTimeout',
    cause: 'got no answer from its handler within',
    reason: 'no answer within',
    mend: 'Let it be quicker, leave to context.waitUntil() what nobody waits for, or allow more time',
  },
  idle: {
    option: 'idleTimeout',
    cause: 'got a part of its answer, and then nothing for',
    reason: 'no output for',
    mend: 'Let the handler send something now and then, or allow longer pauses',
  },
  total: {
    option: 'totalTimeout',
    cause: 'was not answered whole within',
    reason: 'no whole answer within',
    mend: 'Let the handler be quicker, leave to context.waitUntil() what nobody waits for, or allow more time',
  },
}

/** A line of the log. `hasBegun`: the client has the head. Security: CVE-2009-4487: the client has written the path. */
export function describeExpiry(
  { phase, afterMs }: Expiry,
  method: string,
  path: ByteString,
  hasBegun: boolean,
): string {
  const { cause, mend, option } = words[phase]
  const end = hasBegun ? 'It was broken off' : 'It was answered with 504'
  return `${method} ${visibleBytes(path)} ${cause} ${seconds(afterMs)}. ${end}, and the signal aborted. ${mend}: the option ${option} of serve().`
}

/** The reason with which the handler's signal is aborted, with the name that AbortSignal.timeout() gives it. */
export function timeoutError({ phase, afterMs }: Expiry): DOMException {
  const { reason, option } = words[phase]
  return new DOMException(`${reason} ${seconds(afterMs)} (${option})`, 'TimeoutError')
}

function seconds(ms: number): string {
  return ms === 1000 ? 'one second' : `${ms / 1000} seconds`
}
