// Run as a process that is given orphans: it leaves some, starts children in every other way, has its event loop stand
// still time and again, and prints what it was told of their endings and which zombies stay.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { loadNative } from '../../src/transport/native.ts'
import { NativeSpawner } from '../../src/transport/spawn-native.ts'

const loaded = loadNative()
if ('reason' in loaded) throw new Error(loaded.reason)
const spawner = new NativeSpawner(loaded.native)

async function start(text: string): Promise<{ readonly ending: Promise<{ readonly exitCode: number | null }> }> {
  return spawner.start({
    path: '/bin/sh',
    argv: ['sh', '-c', text],
    environment: ['PATH=/usr/bin:/bin'],
    cwd: '/',
    stdin: 'empty',
    backgroundGraceMs: 0,
  })
}

function zombies(): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return new RegExp(String.raw`\) Z ${process.pid} `).test(readFileSync(`/proc/${name}/stat`, 'latin1'))
    } catch {
      return false // No process, or no more.
    }
  })
}

// Its thread does not hear that its child has ended before several looks have been taken.
const worker = new Worker(
  `const child = require('node:child_process').spawn('sh', ['-c', 'exit 6'])
   child.on('exit', (code) => require('node:worker_threads').parentPort.postMessage(code))
   Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3500)`,
  { eval: true },
)
const ofWorker = once(worker, 'message').then(([code]: number[]) => code)

const script = await start('for n in 1 2 3 4 5 6 7 8; do sleep 0.05 & done; exit 3')
const { exitCode: ofScript } = await script.ending

// Every look finds children of this thread that have just ended, while libuv has had no time to hear of it.
const ofMain: Promise<unknown>[] = []
for (const until = performance.now() + 4000; performance.now() < until; await nextTurn()) {
  ofMain.push(once(spawn('sh', ['-c', 'exit 7']), 'exit').then(([code]: number[]) => code))
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
}

const told = [...new Set([ofScript, await ofWorker, ...(await Promise.all(ofMain))])]
for (const until = performance.now() + 5000; zombies().length > 0 && performance.now() < until;) await sleep(50)
process.stdout.write(JSON.stringify({ told, zombies: zombies().length }))
