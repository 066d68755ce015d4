// docs/guides/python.md: its commands, programs and settings, as they are written there.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../bench/free-port.ts'
import { ServerProcess } from '../../bench/server-process.ts'
import { nginxCommand } from '../support/nginx.ts'
import { owning } from '../support/owning.ts'
import { missing } from '../support/real-parts.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { moduleMissing, python } from './frameworks/applications.ts'

const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const guide = readFileSync(fileURLToPath(new URL('../../../docs/guides/python.md', import.meta.url)), 'utf8')
const blocks = [...guide.matchAll(/^```\w+\n([^]*?)^```/gm)].map((match) => match[1] ?? '')
const longestMs = 30_000

/** The one block of the guide in which this stands. */
function block(part: string): string {
  const [found, another] = blocks.filter((text) => text.includes(part))
  assert.ok(found !== undefined && another === undefined, part)
  return found
}

/** The words after `postern` of the one command of the guide in which this stands. */
function words(part: string): readonly string[] {
  const lines = blocks.flatMap((text) => text.replaceAll(/\\\n\s*/g, '').split('\n'))
  const [found, another] = lines.filter((line) => line.startsWith('postern ') && line.includes(part))
  assert.ok(found !== undefined && another === undefined, part)
  return found.split(/\s+/).slice(1)
}

interface Started extends AsyncDisposable {
  readonly url: string
  readonly pid: number
}

/** The command, run in a folder, on a port that is free. */
async function start(folder: string, given: readonly string[]): Promise<Started> {
  const args = ['-C', folder, process.execPath, command, ...given]
  // Another one may have announced itself there.
  writeFileSync(join(folder, 'log'), '')
  const server = new ServerProcess({ command: 'env', args, logFile: join(folder, 'log') })
  const url = (await server.untilAnnounced()).replace(/\/$/, '')
  return { url, pid: server.pid, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

async function get(url: string): Promise<readonly [status: number, text: string]> {
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(longestMs) })
  return [answer.status, await answer.text()]
}

/** `venv/bin/pip install` would need the internet: what the system has is installed in it, instead. */
function makeVenv(folder: string): void {
  execFileSync(python, ['-m', 'venv', '--system-site-packages', '--without-pip', join(folder, 'venv')])
}

test('python.md: Flask, from an empty folder', { skip: missing(python) || moduleMissing('flask') }, async () => {
  using site = temporarySite({ 'app.py': block('from flask import') })
  makeVenv(site.root)
  await using server = await start(site.root, [...words('app:app --venv venv --reload'), '--port', '0'])
  const [, page] = await get(`${server.url}/`)
  const link = /href="([^"]+)"/.exec(page)?.[1] ?? ''
  assert.deepEqual(await get(`${server.url}${link}`), [200, 'Hello, Ada! You came from 127.0.0.1.\n'])
  site.add('app.py', block('from flask import').replace('Hello, {name}', 'Good evening, {name}'))
  assert.deepEqual(await get(`${server.url}${link}`), [200, 'Good evening, Ada! You came from 127.0.0.1.\n'])
})

test('python.md: Django, from an empty folder', { skip: missing(python) || moduleMissing('django') }, async () => {
  using site = temporarySite()
  const { root } = site
  makeVenv(root)
  for (const line of block('startproject shop').split('\n')) {
    // The account is of no use here, and pip would need the internet.
    if (!/manage\.py|startproject/.test(line) || line.includes('createsuperuser')) continue
    execFileSync('sh', ['-c', line.replace('venv/bin/django-admin', 'venv/bin/python -m django')], { cwd: root })
  }
  site.add('shop/development.py', block('StaticFilesHandler(application)'))
  const sheet = 'static/admin/css/base.css'
  {
    await using server = await start(root, [...words('shop.development'), '--port', '0'])
    const [status, page] = await get(`${server.url}/admin/login/`)
    assert.equal(status, 200)
    assert.ok(page.includes(`/${sheet}`), page)
    assert.equal((await get(`${server.url}/${sheet}`))[0], 200)
  }
  const [, setting = ''] = /`(STATIC_ROOT = [^`]+)`/.exec(guide) ?? []
  appendFileSync(join(root, 'shop/settings.py'), `\n${setting}\nSTATIC_URL = "static/"\n`)
  const [collect = ''] = block('collectstatic').split('\n')
  execFileSync('sh', ['-c', collect], { cwd: root, stdio: 'ignore' })
  {
    await using server = await start(root, [...words('--static /static/=static --prod'), '--port', '0'])
    assert.equal((await get(`${server.url}/${sheet}`))[0], 200)
    assert.equal((await get(`${server.url}/static/none.css`))[0], 404)
  }
  await using server = await start(root, [...words('--mount /office'), '--port', '0'])
  const admin = await fetch(`${server.url}/office/admin/`, { redirect: 'manual' })
  assert.equal(admin.headers.get('location'), '/office/admin/login/?next=/office/admin/')
  const [, page] = await get(`${server.url}/office/admin/login/`)
  assert.ok(page.includes(`/office/${sheet}`), page)
  assert.equal((await get(`${server.url}/office/${sheet}`))[0], 200)
})

const said = (version: string): string => `
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    names = ("wsgi.url_scheme", "REMOTE_ADDR", "HTTP_HOST")
    return [" ".join(["${version}"] + [environ[name] for name in names]).encode("latin-1")]
`

test('python.md: the unit, and nginx in front by HTTP', { skip: missing(python, 'nginx') }, async () => {
  await using stage = await owning(async (own) => {
    const site = own(temporarySite({ 'shop/wsgi.py': said('first'), 'static/a.css': 'a { color: red }\n' }))
    makeVenv(site.root)
    const line = /^ExecStart=.*\/main\.js (wsgi .*)$/m.exec(block('ExecStart='))?.[1] ?? ''
    const server = own(await start(site.root, line.replaceAll('/srv/shop', site.root).replace('8080', '0').split(' ')))
    const passes = block('proxy_pass').replace('http://127.0.0.1:8080', server.url)
    const url = own(await startNginx(site.root, passes)).url
    return { url, host: new URL(url).host, root: site.root, direct: server.url, pid: server.pid }
  })
  const { url, host, root, direct, pid } = stage
  assert.deepEqual(await get(`${url}/x`), [200, `first http 127.0.0.1 ${host}`])
  assert.deepEqual(await get(`${url}/static/a.css`), [200, 'a { color: red }\n'])
  const headers = { 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'https' }
  const proxied = await (await fetch(`${direct}/`, { headers })).text()
  assert.equal(proxied, `first https 192.0.2.7 ${new URL(direct).host}`)

  // `systemctl reload`: what its ExecReload sends.
  writeFileSync(join(root, 'shop/wsgi.py'), said('second'))
  process.kill(pid, 'SIGHUP')
  let latest = ''
  const look = async (): Promise<void> => {
    const [status, text] = await get(`${url}/`)
    assert.equal(status, 200)
    latest = text
  }
  const deadline = performance.now() + longestMs
  while (!latest.startsWith('second') && performance.now() < deadline) await look()
  assert.equal(latest, `second http 127.0.0.1 ${host}`)

  writeFileSync(join(root, 'shop/wsgi.py'), 'import no_such_module\n')
  process.kill(pid, 'SIGHUP')
  const log = join(root, 'log')
  assert.ok(await eventually(() => readFileSync(log, 'utf8').includes('no_such_module'), longestMs))
  assert.deepEqual(await get(`${url}/`), [200, `second http 127.0.0.1 ${host}`])
})

test('python.md: nginx in front by uwsgi and FastCGI', { skip: missing(python, 'nginx') }, async () => {
  await using stage = await owning(async (own) => {
    const site = own(temporarySite({ 'shop/wsgi.py': said('first'), 'static/a.css': 'a { color: red }\n' }))
    makeVenv(site.root)
    const given = words('--listen uwsgi').map((word) => word.replace('/run/shop', site.root))
    const owner = given.indexOf('--socket-owner')
    const listens = given.toSpliced(owner, 2, '--socket-mode', '0666')
    own(await start(site.root, [...listens, '--listen', 'http:127.0.0.1:0']))
    const passes = block('uwsgi_pass').replaceAll('/run/shop', site.root)
    return { url: own(await startNginx(site.root, passes)).url }
  })
  for (const path of ['/shop-by-uwsgi/', '/shop-by-fastcgi/']) {
    const [status, text] = await get(`${stage.url}${path}`)
    assert.equal(status, 200)
    assert.match(text, /^first http 127\.0\.0\.1 127\.0\.0\.1/)
  }
})

async function startNginx(root: string, locations: string): Promise<AsyncDisposable & { readonly url: string }> {
  const folder = join(root, 'nginx')
  const port = await freePort()
  mkdirSync(folder)
  for (const name of ['uwsgi_params', 'fastcgi_params']) symlinkSync(`/etc/nginx/${name}`, join(folder, name))
  chmodSync(root, 0o755)
  const server = new ServerProcess(nginxCommand(folder, [`server { listen 127.0.0.1:${port}; ${locations} }`]))
  await server.untilListening({ host: '127.0.0.1', port })
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
