/**
 * What starting a program costs the process that starts it. A gateway with one event loop can start no more programs a
 * second than this leaves time for, and nothing else is answered meanwhile.
 */
import { performance } from 'node:perf_hooks'
import { markdownTable } from './markdown-table.ts'

export interface SpawnCost {
  readonly name: string
  readonly count: number
  /** Of one start, until the program has ended and its output is read. */
  readonly wallUs: number
  /** Processor time of this process, all its threads and the kernel on its behalf; the program's own is not in it. */
  readonly cpuUs: number
  /** Time in which the event loop could do nothing else. */
  readonly loopUs: number
}

/** Starts are one after another, so that a start's wall time is its own. */
export async function measure(name: string, startOne: () => Promise<void>, count: number): Promise<SpawnCost> {
  for (let start = 0; start < Math.ceil(count / 10); start++) await startOne() // compiles the code paths
  const cpuBefore = process.cpuUsage()
  const loopBefore = performance.eventLoopUtilization()
  const before = performance.now()
  for (let start = 0; start < count; start++) await startOne()
  const wallMs = performance.now() - before
  const { active } = performance.eventLoopUtilization(loopBefore)
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    name,
    count,
    wallUs: (wallMs * 1000) / count,
    cpuUs: (user + system) / count,
    loopUs: (active * 1000) / count,
  }
}

export function spawnCostTable(costs: readonly SpawnCost[]): string {
  const rows = costs.map(({ name, count, ...times }) => [
    name,
    String(count),
    ...[times.wallUs, times.cpuUs, times.loopUs].map((us) => us.toFixed(0)),
    (1e6 / times.loopUs).toFixed(0),
  ])
  return markdownTable(['starter', 'starts', 'wall us', 'CPU us', 'event loop us', 'starts/s at most'], rows)
}
