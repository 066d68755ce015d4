// Plays the table of requests against an application that `postern wsgi` serves, over each way to reach it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ServerProcess } from '../../../bench/server-process.ts'
import { owning, type Own } from '../../support/owning.ts'
import { missing } from '../../support/real-parts.ts'
import { temporarySite, type TemporarySite } from '../../support/temporary-site.ts'
import {
  applications,
  moduleMissing,
  prepare,
  python,
  type Application,
  type Data,
  type FrameworkName,
} from './applications.ts'
import { startCgi } from './cgi.ts'
import { startLighttpd, startNginx, type Sockets } from './fronts.ts'
import { playRequest, requests, type Way } from './requests.ts'

export const command = fileURLToPath(new URL('../../../../dist/cli/main.js', import.meta.url))

type Cases = Readonly<Record<string, (way: Way) => Promise<void>>>

/** Another program may take a port between our look and the server's. */
const attempts = 3

/** `more`: cases of the framework alone. */
export function playFramework(framework: FrameworkName, more: Cases = {}): void {
  const application = applications[framework]
  const skip = missing(python, 'nginx', 'lighttpd') || moduleMissing(framework)
  const play = async (t: TestContext, place: string, ways: Readonly<Record<string, Way>>): Promise<void> => {
    for (const [name, way] of Object.entries(ways)) {
      for (const [title, run] of Object.entries(requests)) {
        await t.test(`${framework} ${place}, ${name}: ${title}`, () => playRequest(run, way))
      }
      for (const [title, run] of Object.entries(more)) {
        await t.test(`${framework} ${place}, ${name}: ${title}`, () => run(way))
      }
    }
  }
  for (const mount of ['', '/app/deep']) {
    const place = mount === '' ? 'at the root' : `mounted at ${mount}`
    test(`${framework} ${place}`, { skip }, async (t) => {
      await using stage = await startStage(application, mount)
      await play(t, place, stage.ways)
    })
  }
  test(`${framework} by postern wrap`, { skip: skip || missing('apache2') }, async (t) => {
    await using stage = await owning(async (own) => ({ ways: await startCgi(own, application) }))
    await play(t, 'by postern wrap', stage.ways)
  })
}

export interface Stage extends AsyncDisposable {
  readonly ways: Readonly<Record<string, Way>>
}

async function startStage(application: Application, mount: string): Promise<Stage> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await owning((own) => startOnce(own, application, mount))
    } catch (error) {
      if (attempt === attempts) throw error
    }
  }
}

async function startOnce(own: Own, application: Application, mount: string): Promise<Pick<Stage, 'ways'>> {
  const site = own(temporarySite())
  const data = prepare(application, join(site.root, 'data'))
  const { sockets, log } = await startApplication(own, site, application, data, mount)
  const urls = {
    http: sockets.http,
    ...(await startNginx(own, site, sockets)),
    ...(await startLighttpd(own, site, sockets)),
  }
  const ways = Object.entries(urls).map(([name, url]): [string, Way] => [
    name,
    { base: `${url}${mount}`, isApacheCgi: false, staticPath: `${mount}/static/`, application, data, log },
  ])
  return { ways: Object.fromEntries(ways) }
}

export interface Served {
  readonly sockets: Sockets
  readonly log: () => string
}

/** Two workers of two threads, reached over HTTP and all the others. */
export async function startApplication(
  own: Own,
  site: TemporarySite,
  { framework, target, folder }: Application,
  data: Data,
  mount: string,
): Promise<Served> {
  // Django's `staticfiles` stays at the root, whatever SCRIPT_NAME is: below a mount Postern sends its files.
  const isSent = framework === 'django' && mount !== ''
  const words = ['wsgi', isSent ? 'bookshop.wsgi' : target, '--python', python, '--chdir', folder, '--prod']
  words.push('--workers', '2', '--threads', '2', '--listen', 'http:127.0.0.1:0', '--socket-mode', '0666')
  for (const [name, value] of Object.entries(data.env)) words.push('--env', `${name}=${value}`)
  if (mount !== '') words.push('--mount', mount)
  if (isSent) words.push('--static', `${mount}/static/=${join(data.folder, 'static')}`)
  const unix = (protocol: string): string => join(site.root, `${protocol}.sock`)
  const sockets = { fastcgi: unix('fastcgi'), scgi: unix('scgi'), uwsgi: unix('uwsgi') }
  for (const [protocol, path] of Object.entries(sockets)) words.push('--listen', `${protocol}:unix:${path}`)
  const logFile = site.add('postern.log', '')
  const server = own(new ServerProcess({ command: process.execPath, args: [command, ...words], logFile }))
  const announced = await server.untilAnnounced()
  for (const path of Object.values(sockets)) await server.untilListening({ path })
  return { sockets: { ...sockets, http: announced.replace(/\/$/, '') }, log: () => readFileSync(logFile, 'utf8') }
}
