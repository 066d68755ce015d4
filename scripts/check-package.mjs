// `npm run package:check`: packs the package, has it judged, installs it where nothing of this repository is in reach,
// and uses it there as its users would: the command, the library by import and by require, and the types.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { compile, install, requireNode, root } from './prepare.mjs'

requireNode()
install()
compile('tsconfig.json')

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'postern-package-'))
const project = join(folder, 'project')
const site = join(folder, 'site')
const stepLimitMs = 180_000

const script = `#!/bin/sh
printf 'Content-Type: text/plain\\n\\nhello, %s\\n' "$QUERY_STRING"
`

const importer = `
import { strict as assert } from 'node:assert'
import { cgi, createGateway, files, serve } from 'postern'
import { RecordDecoder } from 'postern/fastcgi'
import { encodeScgiHead } from 'postern/scgi'
import { encodeUwsgiPacket } from 'postern/uwsgi'
import { contextOf, listener, serve as serveApp } from 'postern/app'

assert.equal(new RecordDecoder().isBetweenRecords, true)
assert.equal(encodeScgiHead(new Map()).toString(), '24:CONTENT_LENGTH\\0' + '0\\0SCGI\\0' + '1\\0,')
assert.equal(encodeUwsgiPacket(new Map()).length, 4)

const node = listener((request, response) => response.end(contextOf(request).gateway))
const app = await serveApp(node, { listen: 'http:127.0.0.1:0' })
assert.equal(await (await fetch(app.url)).text(), 'http')
await app.close()

const [site, programs] = process.argv.slice(2)
const routes = [{ path: '/', to: files(site) }, { path: '/run/', to: cgi(programs) }]
const gateway = createGateway({ routes })
const run = await gateway.fetch(new Request('http://localhost/run/hello?gateway'))
assert.equal(await run.text(), 'hello, gateway\\n')
const file = await gateway.fetch(new Request('http://localhost/page.txt'))
assert.equal(await file.text(), 'a page\\n')
await gateway[Symbol.asyncDispose]()

const server = await serve(site, { port: 0 })
const served = await fetch(server.url + 'cgi-bin/hello?serve')
assert.equal(await served.text(), 'hello, serve\\n')
await server.close()
`

const consumer = `
import { createServer } from 'node:http'
import { cgi, createGateway, files, serve, type GatewayEvent, type PosternServer, type ServeOptions } from 'postern'
import { ServerSide, type ServerSideEvent } from 'postern/fastcgi'
import { ScgiHeadDecoder, type ScgiHead } from 'postern/scgi'
import { UwsgiPacketDecoder, type UwsgiHead } from 'postern/uwsgi'

const chunk = new Uint8Array(0)
const received: readonly ServerSideEvent[] = new ServerSide().push(chunk)
const heads: readonly (ScgiHead | UwsgiHead | undefined)[] = [
  new ScgiHeadDecoder(1024).push(chunk),
  new UwsgiPacketDecoder().push(chunk),
]
console.log(received, heads)

const observe = (event: GatewayEvent): void => {
  if (event.type === 'request-ended') console.log(event.status satisfies number)
}
const options: ServeOptions = { port: 0, dev: true, maxRunning: 8, totalTimeout: '10s', observe }
const server: PosternServer = await serve('site', options)
const gateway = createGateway({ routes: [{ path: '/git/', to: cgi({ script: '/x' }) }, { path: '/', to: files('.') }] })
createServer(gateway.node())
const answer: Response = await gateway.fetch(new Request('http://localhost/'))
console.log(answer.status, server.url)
await server.close()

// @ts-expect-error -- there is no such option
await serve('site', { prot: 8080 })
`

const consumerSettings = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  },
  files: ['consumer.ts'],
}

/** Runs to its end and gives what it wrote; ends this check with all that it said where it fails. */
function run(command, args, cwd = project) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: stepLimitMs,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `exit status ${status}`}\n${stdout}${stderr}`)
}

function tool(name, ...args) {
  return run(process.execPath, [join(root, 'node_modules', name), ...args], root)
}

async function step(title, action) {
  const start = performance.now()
  const result = await action()
  process.stdout.write(`ok: ${title} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`)
  return result
}

function expect(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`)
}

function writeProject() {
  mkdirSync(join(site, 'cgi-bin'), { recursive: true })
  writeFileSync(join(site, 'page.txt'), 'a page\n')
  writeFileSync(join(site, 'cgi-bin/hello'), script, { mode: 0o755 })
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  writeFileSync(join(project, 'importer.mjs'), importer)
  writeFileSync(
    join(project, 'requirer.cjs'),
    `require('node:assert').equal(typeof require('postern').serve, 'function')\nrequire('postern/fastcgi')\n`,
  )
  writeFileSync(join(project, 'consumer.ts'), consumer)
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(consumerSettings))
}

function pack() {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root))
  // What tsc once made of a source that is no more stays in dist. The bundle's files are not of one source each, and
  // bundle-app.mjs takes its own old ones away.
  const stale = packed.files.filter(({ path }) => {
    const source = /^dist\/(?!bundled\/)(.+)\.js$/.exec(path)?.[1]
    return source !== undefined && !existsSync(join(root, `src/${source}.ts`))
  })
  if (stale.length > 0) throw new Error(`dist has what src has not: ${stale.map(({ path }) => path).join(', ')}`)
  return join(folder, packed.filename)
}

async function serveInstalled() {
  await askServer(join(project, 'node_modules/.bin/postern'), ['serve', site], project, async (url) => {
    const answer = await fetch(`${url}cgi-bin/hello?command`, { signal: AbortSignal.timeout(10_000) })
    expect(await answer.text(), 'hello, command\n', 'the program’s answer')
  })
}

/** Makes the site that needs most of the package, and serves it as it is told; npx itself does not pass signals on. */
async function serveMade() {
  const told = run('npx', ['--no-install', 'postern', 'init', 'made', '--language', 'typescript'])
  if (!/^ {2}cd made && npx postern serve public$/m.test(told)) throw new Error(`not what is to be typed: ${told}`)
  const made = join(project, 'made')
  expect(run('npx', ['--no-install', 'postern', '--version'], made).trim(), version, 'the version in the site')
  await askServer(join(project, 'node_modules/.bin/postern'), ['serve', 'public'], made, async (url) => {
    const program = /url=([^"]+)"/.exec(await (await fetch(url)).text())?.[1]
    const answer = await fetch(`${url}${program}`, { signal: AbortSignal.timeout(30_000) })
    expect(answer.status, 200, 'the status of the guest book')
    if (!(await answer.text()).includes('Sign the book')) throw new Error('the guest book has no form')
  })
}

async function askServer(command, args, cwd, ask) {
  const server = spawn(command, [...args, '--port', '0'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  try {
    let url
    for await (const line of createInterface({ input: server.stdout })) {
      url = /^listening on (http:\S+)$/.exec(line)?.[1]
      if (url !== undefined) break
    }
    if (url === undefined) throw new Error('the server did not say where it listens')
    await ask(url)
  } finally {
    server.kill('SIGTERM')
  }
  const [code] = await ended
  expect(code, 0, 'the exit status after SIGTERM')
}

try {
  writeProject()
  const tarball = await step('npm pack', pack)
  await step('publint', () => tool('publint/src/cli.js', tarball, '--strict'))
  await step('are the types wrong', () => tool('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only'))
  await step('npm install of the tarball', () =>
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', tarball]),
  )
  await step('postern --version', () => {
    expect(run('npx', ['--no-install', 'postern', '--version']).trim(), version, 'the version')
  })
  await step('postern serve', serveInstalled)
  await step('postern init', serveMade)
  await step('import', () => run(process.execPath, ['importer.mjs', site, join(site, 'cgi-bin')]))
  await step('require', () => run(process.execPath, ['--no-warnings', 'requirer.cjs']))
  await step('the types, as a program in TypeScript sees them', () =>
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']),
  )
} catch (error) {
  process.stderr.write(`package:check: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
