// Ends a program and all that it started: TERM to its group, a time of grace, KILL to what is left.

import { setTimeout as sleep } from 'node:timers/promises'

/** Short enough that a group's number cannot have been given to somebody else between two looks. */
const lookEveryMs = 50

/** Resolves when no process of the group is left, or KILL has been sent and the leader has ended. */
export async function endProcessGroup(leader: number, ended: Promise<unknown>, graceMs: number): Promise<void> {
  let leaderEnded = false
  void ended.then(() => {
    leaderEnded = true
  })
  if (!signalGroup(leader, 'SIGTERM')) return
  const deadline = performance.now() + graceMs
  await Promise.race([ended, sleep(Math.min(5, graceMs), undefined, { ref: false })])
  while (performance.now() < deadline) {
    if (leaderEnded && !signalGroup(leader, 0)) return
    await (leaderEnded ? sleep(lookEveryMs) : Promise.race([ended, sleep(lookEveryMs)]))
  }
  signalGroup(leader, 'SIGKILL')
  await ended
}

/** False where the group has no process left. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal)
    return true
  } catch (error) {
    // EPERM: a member changed its user and is out of our reach; nothing more can be done for it.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' && signal !== 0
  }
}
