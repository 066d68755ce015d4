/** What a peer is once its servers run: where it is asked, whose processor time counts, and what is to be ended. */
import type { ServerProcess } from '../server-process.ts'
import type { RunningPeer } from './peer.ts'

/** `servers`: in the order in which they are ended. */
export function running(url: string, ...servers: readonly ServerProcess[]): RunningPeer {
  return {
    url,
    pids: servers.map(({ pid }) => pid),
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server[Symbol.asyncDispose]()
    },
  }
}

/** Waits until the first of them takes connections at the port of 127.0.0.1. */
export async function runningAt(
  port: number,
  ...servers: readonly [ServerProcess, ...ServerProcess[]]
): Promise<RunningPeer> {
  await servers[0].untilListening({ host: '127.0.0.1', port })
  return running(`http://127.0.0.1:${port}/`, ...servers)
}
