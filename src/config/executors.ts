// What executors of all kinds are given: their limits, and the environment of programs.

import type { ByteString } from '../bytes/byte-string.ts'
import type { Observer } from '../events/events.ts'
import { byteMap } from './script-policy.ts'
import { DeadlineExecutor } from '../executors/deadlines.ts'
import type { Executor } from '../executors/executor.ts'
import { RunningLimitExecutor } from '../executors/running-limit.ts'
import { deadlinesOf, type LimitOptions, type LimitValues } from './limits.ts'

/** What `createGateway` adds: limits of the gateway are defaults of its destinations. */
export interface DestinationContext {
  readonly limits: LimitOptions
  readonly observe: Observer
  /** Takes what starts the destination's long-lived programs afresh. */
  readonly onRestart?: (restart: () => Promise<void>) => void
}

/** Under the limits that all executors have. */
export function limited(executor: Executor, values: LimitValues): Executor {
  const timed = new DeadlineExecutor(executor, deadlinesOf(values))
  const { maxRunning, maxQueue, queueTimeout: queueTimeoutMs } = values
  return new RunningLimitExecutor(timed, { maxRunning, maxQueue, queueTimeoutMs })
}

const alwaysInherited = /^(PATH|LANG|LC_[A-Z]+|TZ|TMPDIR)$/
const usualPath = '/usr/local/bin:/usr/bin:/bin'

/** Security: an allow list; the server's secrets stay with the server. */
export function inherited(passEnv: readonly string[]): ReadonlyMap<string, ByteString> {
  const environment: Record<string, string> = { PATH: usualPath }
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (alwaysInherited.test(name) || passEnv.includes(name))) environment[name] = value
  }
  return byteMap(environment)
}
