/** An application in TypeScript that takes HTTP itself. */
import { join } from 'node:path'
import { freePort } from '../../free-port.ts'
import { programsFolder } from '../../places.ts'
import { ServerProcess } from '../../server-process.ts'
import type { Peer } from '../peer.ts'
import { runningAt } from '../running.ts'

export interface LoneApplication {
  readonly name: string
  /** Of `programs/serve`. */
  readonly program: string
  /** The words that let it listen on a port. */
  readonly words: (port: number) => readonly string[]
  readonly version: () => string
}

export function alone({ name, program, words, version }: LoneApplication): Peer {
  return {
    name,
    unavailable: () => undefined,
    version,
    async start(site) {
      const scratch = await site.scratch(`app-${name}`)
      const port = await freePort()
      const server = new ServerProcess({
        command: process.execPath,
        args: [join(programsFolder, 'serve', program), ...words(port)],
        logFile: join(scratch, 'application.log'),
      })
      return runningAt(port, server)
    },
  }
}
