// As the first process of a container, or where it has asked for that, this process is given the orphans of all below
// it: what scripts leave in the background, and workers whose launcher was killed. Nobody else waits for them, and they
// would stay zombies. It must not take the ending of a child that somebody does wait for, and does not:
//
// - Linux keeps children by thread. Those of `posix_spawn` are of libuv's pool, those of a Worker are that Worker's;
//   orphans are given to the main thread, like the children that it starts itself. No others are touched.
// - What the main thread has started with child_process libuv waits for when the event loop has turned. It turns between
//   a first look at a zombie and the next: after a look comes a timer, and `setImmediate` after the signals are heard.
// - A worker without its launcher is looked at every 20 ms from soon after (warm/orphan.ts). Should the event loop stand
//   still in that very second, how it ended is unknown, as it is outside of a container.

import { readdirSync, readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import type { Native } from './native.ts'

const lookEveryMs = 1000
const wnohang = 1
/** Linux: of the calling thread alone. */
const wnothread = 0x20000000

/** Does not keep the event loop alive. */
export function reapAdopted(native: Native): void {
  if (!isMainThread || !native.adoptsOrphans) return
  let seen: ReadonlySet<number> = new Set()
  const look = (): void => {
    const zombies = native.hasEndedChild() ? zombiesOfOurs() : []
    const take = (pid: number): boolean => native.wait4(pid, null, wnohang | wnothread, null) === pid
    seen = new Set(zombies.filter((pid) => !seen.has(pid) || !take(pid)))
    lookLater()
  }
  const lookLater = (): void => void setTimeout(() => setImmediate(look), lookEveryMs).unref()
  lookLater()
}

function zombiesOfOurs(): readonly number[] {
  const isOurs = new RegExp(String.raw`\) Z ${process.pid} [^)]*$`)
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return isOurs.test(readFileSync(`/proc/${name}/stat`, 'latin1')) ? [Number(name)] : []
    } catch {
      return [] // It has ended this moment.
    }
  })
}
