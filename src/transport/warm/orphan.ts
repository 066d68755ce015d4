// The end of a process that nobody here can wait for: it is looked at until it is no more.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Ending } from '../../events/events.ts'

const lookEveryMs = 20

/** How it ended cannot be known. */
export async function watchOrphan(pid: number): Promise<Ending> {
  while (isThere(pid)) await sleep(lookEveryMs)
  return { exitCode: null, signal: 'unknown', cpuMs: undefined, maxRssBytes: undefined }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
