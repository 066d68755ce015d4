// Many requests over a warm interpreter: what server, launcher and workers hold of memory at the start, in the middle and
// at the end. POSTERN_WARM_MEMORY sets their number; 50,000 take some minutes.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { missing } from '../support/real-parts.ts'
import { startServer } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { descriptorCount, look } from './warm-stage.ts'

const requests = Number(process.env['POSTERN_WARM_MEMORY'] ?? 1500)
const atOnce = 4
const skip = (!existsSync('/proc/self/smaps_rollup') && 'needs /proc') || missing('/usr/bin/python3', '/usr/bin/perl')

/** Of one process, in KiB; where it shares with others, its part. */
function memoryOf(pid: number): { readonly resident: number; readonly own: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
  const field = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)
  return { resident: field('Rss'), own: field('Private_Clean') + field('Private_Dirty') }
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number)
}

for (const language of ['python', 'perl'] as const) {
  test(`memory, warm ${language}: flat over ${requests} requests`, { skip, timeout: 900_000 }, async (t) => {
    using site = temporarySite({ 'cgi-bin/look': look[language] })
    await using server = await startServer([site.root, '--prod', '--access-log', 'off', '--warm-min-idle', '2'])
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
    const ask = (): Promise<string> =>
      new Promise((resolve, reject) => {
        get(`${server.url}cgi-bin/look`, { agent }, (response) => {
          let text = ''
          response.setEncoding('latin1').on('data', (part) => (text += part))
          response.on('end', () => resolve(text))
        }).on('error', reject)
      })
    let cold = 0
    const run = async (count: number): Promise<void> => {
      let asked = 0
      const client = async (): Promise<void> => {
        while (asked++ < count) {
          const [pid = '', parent = ''] = (await ask()).trim().split(' ')
          assert.match(pid, /^\d+$/)
          if (Number(parent) === server.pid) cold++
        }
      }
      await Promise.all(Array.from({ length: atOnce }, client))
    }
    for (let time = 0; time < 100; time++) {
      await sleep(20)
      await ask()
    }
    await run(300)
    cold = 0
    const measure = (when: string) => {
      const launcher = Number.parseInt(server.children()[0] ?? '', 10)
      const [worker = 0] = childrenOf(launcher)
      const seen = { server: memoryOf(server.pid), launcher: memoryOf(launcher), worker: memoryOf(worker) }
      const text = Object.entries(seen).map(([who, { resident, own }]) => `${who} ${resident} KiB (own ${own})`)
      t.diagnostic(`${when}: ${text.join(', ')}; ${descriptorCount(server.pid)} descriptors`)
      return { ...seen, launcherPid: launcher }
    }
    await sleep(300)
    const start = measure('at the start')
    await run(requests / 2)
    await sleep(300)
    measure('in the middle')
    await run(requests / 2)
    await sleep(300)
    const end = measure('at the end')
    agent.destroy()
    assert.equal(end.launcherPid, start.launcherPid)
    assert.ok(cold <= requests / 100, `${cold} were started afresh`)
    assert.ok(end.launcher.resident <= start.launcher.resident + 2048, 'launcher')
    assert.ok(end.worker.resident <= start.worker.resident + 2048, 'worker')
    assert.ok(end.server.resident <= 150 * 1024, 'server')
  })
}
