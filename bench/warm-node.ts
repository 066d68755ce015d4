/**
 * What a request to a Node script takes, started afresh and by a process that has waited for it: one after the other in
 * turn, each when the machine has come to rest, so that the start of the next waiting process is in nobody's time.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cgi, createGateway, type GatewayEvent, type PosternGateway } from '../src/index.ts'
import { markdownTable } from './markdown-table.ts'
import { parseStat } from './process-times.ts'
import { figureOf } from './statistics.ts'

const hello = "console.log('Content-Type: text/plain\\n\\nhello')"
const scripts: Readonly<Record<string, string>> = {
  'hello.cjs': hello,
  'hello.mjs': hello,
  'app.mjs': `import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
const own = await readFile(new URL(import.meta.url))
const answer = new Response(JSON.stringify({ id: randomUUID(), own: createHash('sha256').update(own).digest('hex') }))
console.log('Content-Type: application/json\\n')
console.log(await answer.text(), gzipSync(own).length > 0, typeof request)`,
}

const restMs = 500
const modes = ['off', 'on'] as const
type Mode = (typeof modes)[number]

interface Watched {
  readonly gateway: PosternGateway
  readonly events: GatewayEvent[]
}

interface Run {
  readonly ms: number
  readonly cpuMs: number
  readonly isWarm: boolean
}

export async function measureNode(rounds: number, signal: AbortSignal): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'))
  const gateways = { off: open(folder, 'off'), on: open(folder, 'on') }
  try {
    const rows: string[][] = []
    for (const [name, source] of Object.entries(scripts)) {
      writeFileSync(join(folder, name), `#!${process.execPath}\n${source}\n`, { mode: 0o755 })
      for (let time = 0; time < 4; time++) for (const mode of modes) await runOnce(gateways[mode], name)
      const runs: Record<Mode, Run[]> = { off: [], on: [] }
      const spent: Record<Mode, number> = { off: 0, on: 0 }
      for (let round = 0; round < rounds; round++) {
        for (const mode of modes) {
          signal.throwIfAborted()
          const before = childrenCpuMs()
          runs[mode].push(await runOnce(gateways[mode], name))
          spent[mode] += childrenCpuMs() - before
        }
      }
      if (runs.on.some(({ isWarm }) => !isWarm))
        throw new Error(`${name}: not every request found a process that waits`)
      const row = (what: string, of: (runs: readonly Run[], mode: Mode) => string): string[] => [
        name,
        what,
        ...modes.map((mode) => of(runs[mode], mode)),
      ]
      rows.push(row('time of a request, ms', (some) => shown(some.map(({ ms }) => ms))))
      rows.push(row('processor time in a request, ms', (some) => shown(some.map(({ cpuMs }) => cpuMs))))
      rows.push(
        row('processor time of a process, its start included, ms', (_, mode) => (spent[mode] / rounds).toFixed(0)),
      )
    }
    return markdownTable(['script', '', 'started afresh', 'warm'], rows)
  } finally {
    for (const mode of modes) await gateways[mode].gateway[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
}

function open(folder: string, warm: Mode): Watched {
  const events: GatewayEvent[] = []
  const observe = (event: GatewayEvent): void => void events.push(event)
  return { gateway: createGateway({ observe, routes: [{ path: '/', to: cgi(folder, { warm }) }] }), events }
}

async function runOnce({ gateway, events }: Watched, name: string): Promise<Run> {
  events.length = 0
  const startedAt = performance.now()
  const answer = await gateway.fetch(new Request(`http://www.example.org/${name}`))
  await answer.arrayBuffer()
  const ms = performance.now() - startedAt
  if (answer.status !== 200) throw new Error(`${name}: ${answer.status}`)
  await sleep(restMs)
  const started = events.find((event) => event.type === 'program-started')
  const ended = events.find((event) => event.type === 'program-ended')
  return {
    ms,
    cpuMs: ended?.type === 'program-ended' ? (ended.ending.cpuMs ?? NaN) : NaN,
    isWarm: started?.type === 'program-started' && started.isWarm,
  }
}

/** Of all children that have ended. */
function childrenCpuMs(): number {
  return parseStat(readFileSync('/proc/self/stat', 'latin1')).childrenUs / 1000
}

function shown(values: readonly number[]): string {
  return figureOf(values).median.toFixed(1)
}
