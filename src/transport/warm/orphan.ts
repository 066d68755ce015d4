// The end of a worker whose launcher is no more. It is another process's child now: of the system's first process, and
// that may be this one, as in a container. Otherwise it is looked at until it has ended.

import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ending } from '../../events/events.ts'
import type { Native } from '../native.ts'
import { unknownEnding, waitFor } from '../reaper.ts'

const lookEveryMs = 20

/** How it ended is known only where it has become a child of this process. */
export async function watchOrphan(native: Native, pid: number): Promise<Ending> {
  for (;;) {
    const ending = waitFor(native, pid)
    if (ending !== undefined && ending !== 'not-a-child') return ending
    if (ending === 'not-a-child' && !isRunning(pid)) return unknownEnding
    await sleep(lookEveryMs)
  }
}

/** A zombie has ended, though nobody may ever wait for it. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return !/^[ZX]/.test(status.slice(status.lastIndexOf(')') + 2))
  } catch {
    return true // No /proc here; or it has just ended, as the next look will tell.
  }
}
