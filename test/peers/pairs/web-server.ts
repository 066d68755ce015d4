// A web server in front of Postern: one process of it, with a port, and one more for TLS, for each of the pairs.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { owning } from '../../support/owning.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import type { Pair, Pairs } from './pair.ts'
import { startPostern, type PosternBehind } from './posterns.ts'

export interface Place {
  /** The pair's. */
  readonly name: string
  readonly port: number
  readonly securePort: number
}

export interface Setting {
  readonly postern: PosternBehind
  readonly places: readonly Place[]
  /** The web server's own, which holds the served one as `../served`. */
  readonly folder: string
  /** PEM files. */
  readonly certificate: string
  readonly key: string
}

export interface WebServer {
  readonly command: string
  readonly args: readonly string[]
  /** A file. What goes to the outputs is looked at too. */
  readonly log: string
}

/** Another program may take a port between our look and the server's. */
const attempts = 3

/** `configure` writes the files of the settings. */
export async function startInFront(
  names: readonly string[],
  configure: (setting: Setting) => WebServer,
): Promise<Pairs> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(names, configure)
    } catch (error) {
      if (attempt === attempts) throw error
    }
  }
}

function startOnce(names: readonly string[], configure: (setting: Setting) => WebServer): Promise<Pairs> {
  return owning(async (own) => {
    const site = own(temporarySite())
    const postern = own(await startPostern(site))
    const folder = join(site.root, 'front')
    const key = site.add('front/key.pem', '')
    const certificate = join(folder, 'certificate.pem')
    makeCertificate(key, certificate)
    const places: Place[] = []
    for (const name of names) places.push({ name, port: await freePort(), securePort: await freePort() })
    const { command, args, log } = configure({ postern, places, folder, certificate, key })
    const outputs = join(folder, 'output.log')
    const server = own(new ServerProcess({ command, args, logFile: outputs }))
    const pairs: Record<string, Pair> = {}
    for (const { name, port, securePort } of places) {
      await server.untilListening({ host: '127.0.0.1', port })
      pairs[name] = {
        url: `http://127.0.0.1:${port}`,
        secureUrl: `https://127.0.0.1:${securePort}`,
        script: postern.script,
        gates: postern.gates,
        log: () => [log, outputs].map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join(''),
      }
    }
    return { pairs }
  })
}

function makeCertificate(key: string, certificate: string): void {
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const files = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key]
  execFileSync('openssl', [...words, ...files, '-out', certificate], { stdio: 'ignore' })
}
