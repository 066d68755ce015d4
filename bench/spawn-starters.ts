/** The ways to start a program that `spawn-cost.ts` compares: each is one function, called again and again. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { loadNative } from '../src/transport/native.ts'
import type { Spawner } from '../src/transport/program-process.ts'
import { NativeSpawner } from '../src/transport/spawn-native.ts'

export interface Starter {
  readonly name: string
  /** Starts the program with pipes, reads all it writes, and resolves once it has ended. */
  readonly startOne: (program: string) => Promise<void>
}

const native = loadNative()

export const starters: readonly Starter[] = [
  { name: 'child_process.spawn', startOne: startByChildProcess },
  ...('native' in native
    ? [{ name: 'postern: posix_spawn', startOne: startBySpawner(new NativeSpawner(native.native)) }]
    : []),
]

/** Small and always the same, so that what is measured is the start. */
const environment = { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', PATH: '/usr/bin:/bin' }

async function startByChildProcess(program: string): Promise<void> {
  const child = spawn(program, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  child.stdin.end()
  child.stderr.resume()
  const output = await buffer(child.stdout)
  await closed
  if (output.length === 0) throw new Error(`${program} wrote nothing`)
}

function startBySpawner(spawner: Spawner): Starter['startOne'] {
  return async (program) => {
    const started = await spawner.start({
      path: program,
      argv: [program],
      environment: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      cwd: '/',
      stdin: 'empty',
      backgroundGraceMs: 500,
    })
    let bytes = 0
    const diagnosticsEnd = drain(started.stderr)
    for await (const chunk of started.stdout) bytes += chunk.length
    await diagnosticsEnd
    await started.ending
    if (bytes === 0) throw new Error(`${program} wrote nothing`)
  }
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of bytes); // It must be read, or the program stands still.
}
