/**
 * The processor time of trees of processes, from proc(5): what servers cost, however busy the machine is with other work.
 * That of a process that has ended goes to the one that waited for it, so in a tree nothing of it gets lost. Lost is that
 * of children whose parent ignores SIGCHLD, and of orphans that end: nobody of the tree waits for them.
 */
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessTimes {
  readonly parent: number
  readonly session: number
  readonly ownUs: number
  /** Of all its children that have ended and been waited for, and of theirs. */
  readonly childrenUs: number
  /** Of its first thread: how often it began or ceased to run. */
  readonly switches: number
  /** Its children's time is counted nowhere (wait(2), Notes). */
  readonly ignoresChildren: boolean
}

/** By their ids. */
export type Processes = ReadonlyMap<number, ProcessTimes>

/** USER_HZ, 100 on every machine that Node runs on. A process's own time is cut to this, so short runs are coarse. */
const tickUs = 10_000
/** SIGCHLD is signal 17, and the lowest bit stands for 1. */
const childSignalBit = 1n << 16n

export function readProcesses(): Processes {
  const all = new Map<number, ProcessTimes>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const one = readProcess(name)
    if (one !== undefined) all.set(Number(name), one)
  }
  return all
}

function readProcess(name: string): ProcessTimes | undefined {
  try {
    const status = readFileSync(`/proc/${name}/status`, 'latin1')
    const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'
    return {
      ...parseStat(readFileSync(`/proc/${name}/stat`, 'latin1')),
      switches: [...status.matchAll(/_ctxt_switches:\s*(\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0),
      ignoresChildren: (BigInt(`0x${ignored}`) & childSignalBit) !== 0n,
    }
  } catch {
    return undefined // it has ended since the folder was listed
  }
}

/** proc_pid_stat(5). The name, in brackets, may hold anything, so fields are counted from behind it. */
export function parseStat(text: string): Omit<ProcessTimes, 'switches' | 'ignoresChildren'> {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [, parent = NaN, , session = NaN] = fields
  const [userTicks = NaN, systemTicks = NaN, childUserTicks = NaN, childSystemTicks = NaN] = fields.slice(11, 15)
  return {
    parent,
    session,
    ownUs: (userTicks + systemTicks) * tickUs,
    childrenUs: (childUserTicks + childSystemTicks) * tickUs,
  }
}

/**
 * What the trees of `roots` used from one reading to the next; undefined where one of their processes that ran meanwhile
 * ignores its children, since it may have started some.
 */
export function treeCpuUs(roots: readonly number[], before: Processes, after: Processes): number | undefined {
  const members = treeOf(roots, after)
  const isBlind = members.some(
    (pid) => after.get(pid)?.ignoresChildren === true && hasRun(before.get(pid), after.get(pid)),
  )
  return isBlind ? undefined : sumUs(members, after) - sumUs(treeOf(roots, before), before)
}

/** A tick is too coarse for that: many a child is started in one. */
function hasRun(before: ProcessTimes | undefined, after: ProcessTimes | undefined): boolean {
  return before?.switches !== after?.switches || before?.ownUs !== after?.ownUs
}

/** The roots, which lead sessions of their own, all in those sessions, and all descendants of these. */
function treeOf(roots: readonly number[], processes: Processes): number[] {
  const belongs = (pid: number): boolean => {
    const one = processes.get(pid)
    if (one === undefined) return false
    return roots.includes(pid) || roots.includes(one.session) || belongs(one.parent)
  }
  return [...processes.keys()].filter(belongs)
}

function sumUs(members: readonly number[], processes: Processes): number {
  return members.reduce((sum, pid) => {
    const { ownUs = 0, childrenUs = 0 } = processes.get(pid) ?? {}
    return sum + ownUs + childrenUs
  }, 0)
}
