/** The ways to start a program that `spawn-cost.ts` compares: each is one function, called again and again. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'

export interface Starter {
  readonly name: string
  /** Starts the program with pipes, reads all it writes, and resolves once it has ended. */
  readonly startOne: (program: string) => Promise<void>
}

export const starters: readonly Starter[] = [{ name: 'child_process.spawn', startOne: startByChildProcess }]

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
