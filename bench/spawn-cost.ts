/**
 * What starting a program costs the process that starts it. A gateway with one event loop can start no more programs a
 * second than this leaves time for, and nothing else is answered meanwhile.
 */
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { markdownTable } from './markdown-table.ts'

export interface SpawnCost {
  readonly name: string
  readonly count: number
  /** All of it, divided by the number of starts. */
  readonly wallUs: number
  /** Processor time of this process, all its threads and the kernel on its behalf; the program's own is not in it. */
  readonly cpuUs: number
  /** Processor time of the event loop's thread alone; undefined where the system does not tell. */
  readonly loopCpuUs: number | undefined
  /** Time in which the event loop could do nothing else: its processor time, and its wait for a processor. */
  readonly loopUs: number
}

/** As many at once as connections in the other measurements. */
const atOnce = 8

export async function measure(name: string, startOne: () => Promise<void>, count: number): Promise<SpawnCost> {
  await startMany(startOne, Math.ceil(count / 5)) // compiles the code paths
  const cpuBefore = process.cpuUsage()
  const loopCpuBefore = threadCpuUs()
  const loopBefore = performance.eventLoopUtilization()
  const before = performance.now()
  await startMany(startOne, count)
  const wallMs = performance.now() - before
  const { active } = performance.eventLoopUtilization(loopBefore)
  const loopCpuAfter = threadCpuUs()
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    name,
    count,
    wallUs: (wallMs * 1000) / count,
    cpuUs: (user + system) / count,
    loopCpuUs: loopCpuAfter === undefined ? undefined : (loopCpuAfter - (loopCpuBefore ?? 0)) / count,
    loopUs: (active * 1000) / count,
  }
}

async function startMany(startOne: () => Promise<void>, count: number): Promise<void> {
  let left = count
  const startOnes = async (): Promise<void> => {
    while (left-- > 0) await startOne()
  }
  await Promise.all(Array.from({ length: atOnce }, startOnes))
}

/** Linux, proc(5): nanoseconds that this thread was on a processor. */
function threadCpuUs(): number | undefined {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1000
  } catch {
    return undefined
  }
}

export function spawnCostTable(costs: readonly SpawnCost[]): string {
  const rows = costs.map(({ name, count, ...times }) => [
    name,
    String(count),
    ...[times.wallUs, times.cpuUs, times.loopCpuUs, times.loopUs].map((us) => us?.toFixed(0) ?? '?'),
    (1e6 / times.loopUs).toFixed(0),
  ])
  const titles = ['starter', 'starts', 'wall us', 'CPU us', 'loop CPU us', 'loop busy us', 'starts/s at most']
  return markdownTable(titles, rows)
}
