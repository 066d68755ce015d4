// lighttpd with mod_cgi, which can do nothing else: every `.cgi` file of a folder is run.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../bench/free-port.ts'
import { ServerProcess } from '../../bench/server-process.ts'
import { unprivilegedAccount } from '../../bench/unprivileged-account.ts'
import { findProgram } from '../support/real-parts.ts'

export interface CgiServer extends AsyncDisposable {
  readonly url: string
}

export async function startLighttpd(site: string): Promise<CgiServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'postern-lighttpd-'))
  chmodSync(folder, 0o755) // Its workers are another user's.
  const file = join(folder, 'lighttpd.conf')
  const account = unprivilegedAccount()
  writeFileSync(
    file,
    `
server.modules = ("mod_cgi")
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${site}"
${account ? `server.username = "${account.user}"\nserver.groupname = "${account.group}"` : ''}
server.stream-response-body = 1
cgi.assign = (".cgi" => "")
`,
  )
  const server = new ServerProcess({
    command: findProgram('lighttpd') ?? 'lighttpd',
    args: ['-D', '-f', file],
    logFile: join(folder, 'output.log'),
  })
  const dispose = async (): Promise<void> => {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await server.untilListening({ host: '127.0.0.1', port })
  } catch (error) {
    await dispose()
    throw error
  }
  return { url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: dispose }
}
