// An application as a CGI program: what `postern wrap` writes, run by Apache's mod_cgid and by lighttpd's mod_cgi.

import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unprivilegedAccount } from '../../../bench/unprivileged-account.ts'
import { startApache } from '../../peers/apache-server.ts'
import { startLighttpd } from '../../peers/lighttpd-cgi.ts'
import type { Own } from '../../support/owning.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { prepare, python, type Application } from './applications.ts'
import type { Way } from './requests.ts'

const main = fileURLToPath(new URL('../../../../dist/cli/main.js', import.meta.url))
const mount = '/cgi-bin/app.cgi'

/** Its server stays a little longer than the test, and then ends. */
function wrap(target: string, folder: string, env: Readonly<Record<string, string>>, state: string): string {
  const words = ['wrap', target, '--python', python, '--chdir', folder, '--workers', '2', '--threads', '2']
  for (const [name, value] of Object.entries(env)) words.push('--env', `${name}=${value}`)
  words.push('--state-dir', state, '--exit-when-idle', '10s')
  return execFileSync(process.execPath, [main, ...words], { encoding: 'utf8' })
}

export async function startCgi(own: Own, application: Application): Promise<Readonly<Record<string, Way>>> {
  const site = own(temporarySite())
  const isDjango = application.framework === 'django'
  const data = prepare(application, join(site.root, 'data'))
  // As on a shared host: the web server sends the files.
  const target = isDjango ? 'bookshop.wsgi' : application.target
  const env = isDjango ? { ...data.env, STATIC_URL: '/static/' } : data.env
  if (isDjango) cpSync(join(data.folder, 'static'), join(site.root, 'site/static'), { recursive: true })
  const state = join(site.root, 'state')
  mkdirSync(state)
  chmodSync(state, 0o700)
  const account = unprivilegedAccount()
  if (account !== undefined) execFileSync('chown', [account.user, state])
  site.add(`site${mount}`, wrap(target, application.folder, env, state), 0o755)
  const apache = own(await startApache(join(site.root, 'site')))
  const lighttpd = own(await startLighttpd(join(site.root, 'site')))
  const stateLog = (): string => {
    const names = readdirSync(state).filter((name) => name.endsWith('.log'))
    return names.map((name) => readFileSync(join(state, name), 'utf8')).join('')
  }
  const way = (url: string, isApacheCgi: boolean, log: () => string): Way => ({
    base: `${url.replace(/\/$/, '')}${mount}`,
    isApacheCgi,
    staticPath: isDjango ? '/static/' : `${mount}/static/`,
    application,
    data,
    log: () => stateLog() + log(),
  })
  return {
    'a CGI program of Apache': way(apache.url, true, () => apache.log()),
    'a CGI program of lighttpd': way(lighttpd.url, false, () => lighttpd.log()),
  }
}
