/** Go's own web server, file server and CGI gateway: a server in one process with garbage collection, as Postern is. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { missingCommand, requireCommand, versionLine } from '../find-command.ts'
import { programsFolder } from '../places.ts'
import { ServerProcess } from '../server-process.ts'
import type { Peer } from './peer.ts'
import { running } from './running.ts'

export const go: Peer = {
  name: 'go',
  unavailable: () => missingCommand('go'),
  version: () => versionLine(requireCommand('go'), 'version').replace('go version ', ''),
  async start(site) {
    const scratch = await site.scratch('go')
    const program = join(scratch, 'server')
    // One file and the standard library: no module is wanted, and none may be fetched.
    await promisify(execFile)(requireCommand('go'), ['build', '-o', program, join(programsFolder, 'server.go')], {
      cwd: scratch,
      env: { ...process.env, GO111MODULE: 'off', GOTOOLCHAIN: 'local' },
    })
    const server = new ServerProcess({ command: program, args: [site.folder], logFile: join(scratch, 'output.log') })
    return running(await server.untilAnnounced(), server)
  },
}
