// Options are checked when they are given, and what is wrong is named on one line.

import { wsgi } from '../../src/config/wsgi.ts'
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { authorizer, cgi, createGateway, fastcgi, files, folder } from '../../src/index.ts'
import { limitNames, limits } from '../../src/config/limits.ts'
import {
  authorizerSchema,
  checkOptions,
  folderSchema,
  gatewaySchema,
  scriptSchema,
  serveSchema,
} from '../../src/config/options.ts'
import { reservedVariables } from '../../src/protocol/cgi/variable-names.ts'

const refused = (options: unknown, pattern: RegExp, schema = serveSchema): void =>
  assert.throws(
    () => checkOptions(schema, options, 'serve()'),
    (error) => {
      assert.ok(error instanceof TypeError)
      assert.match(error.message, pattern)
      assert.doesNotMatch(error.message, /\n/)
      return true
    },
  )

test('Postern: options that are right are taken', () => {
  checkOptions(serveSchema, {}, 'serve()')
  checkOptions(
    serveSchema,
    { port: 0, host: '::1', dev: true, listing: true, idleTimeout: '1s', env: { A: '' } },
    'serve()',
  )
  checkOptions(gatewaySchema, { routes: [], serverName: 'a.example', observe: () => {} }, 'createGateway()')
  checkOptions(folderSchema, { index: ['a.html'], untyped: 'plain', encodedSlashes: 'decode' }, 'folder()')
})

test('Postern: a misspelt option is named', () => {
  refused({ serchWords: true }, /^serve\(\): .*serchWords/)
  refused({ listing: true }, /listing/, scriptSchema)
})

test('Postern: an option of the wrong kind is named', () => {
  refused({ port: 70_000 }, /^serve\(\): port/)
  refused({ port: '80' }, /port/)
  refused({ untyped: 'html' }, /untyped/)
  refused({ searchWords: 'yes' }, /searchWords/)
  refused({ index: ['a/b'] }, /index/, folderSchema)
  refused({ serverName: 'a b' }, /serverName/)
})

test('CVE-2025-65082: settings cannot set a variable of the gateway’s own, nor one that looks like a field', () => {
  for (const name of [...reservedVariables, 'HTTP_PROXY', 'HTTP_X'])
    refused({ env: { [name]: 'x' } }, /env.*set by the gateway/)
})

test('Postern: a name that is none, or a value with a NUL, is no variable', () => {
  for (const name of ['', '1A', 'A-B', 'A=B', 'A B', 'É', 'A\0', 'A'.repeat(257)])
    refused({ env: { [name]: 'x' } }, /env/)
  refused({ env: { A: 'b\0c' } }, /NUL/)
  refused({ passEnv: ['A=B'] }, /passEnv/)
})

test('Postern: an index of serve() is a file name, as one of folder() is', () => {
  refused({ index: ['../secret'] }, /index/)
})

test('Postern: a limit is taken where it has an effect', () => {
  for (const name of limitNames) {
    const { of, default: value } = limits[name]
    if (of !== 'worker') checkOptions(serveSchema, { [name]: value }, 'serve()')
    if (of !== 'server') checkOptions(gatewaySchema, { routes: [], [name]: value }, 'createGateway()')
    if (of === 'script' || of === 'program') checkOptions(scriptSchema, { [name]: value }, 'cgi()')
    if (of === 'script' || of === 'program') checkOptions(folderSchema, { [name]: value }, 'folder()')
    if (of === 'script' || of === 'upstream') fastcgi('127.0.0.1:9000', { [name]: value })
    if ((of === 'script' && name !== 'maxRunning') || of === 'worker') wsgi('app', { [name]: value })
  }
})

test('Postern: a limit where it would have no effect is a TypeError that says where it belongs', () => {
  for (const name of limitNames) {
    const { of, default: value } = limits[name]
    const option: object = { [name]: value }
    const home = {
      script: /cgi\(\), folder\(\), app\(\) and upstreams/,
      program: /cgi\(\) and folder\(\)/,
      worker: /wsgi\(\)/,
      upstream: /fastcgi\(\), scgi\(\)/,
      gateway: /createGateway\(\)/,
      server: /serve\(\)/,
    }[of]
    const isRefused = (by: string, make: () => unknown): void =>
      assert.throws(make, (error) => {
        assert.ok(error instanceof TypeError)
        assert.ok(error.message.startsWith(`${by}: ${name}: belongs to`), error.message)
        assert.match(error.message, home)
        return true
      })
    isRefused('files()', () => files('/', option))
    if (of !== 'script' && of !== 'upstream') isRefused('fastcgi()', () => fastcgi('127.0.0.1:9000', option))
    if (of === 'script' || of === 'program') continue
    isRefused('cgi()', () => cgi('/', option))
    isRefused('cgi()', () => cgi({ script: '/x' }, option))
    isRefused('folder()', () => folder('/', option))
    if (of === 'server') isRefused('createGateway()', () => createGateway({ routes: [], ...option }))
  }
})

test('Postern: files() takes no option for scripts, which it does not run', () => {
  const option: object = { env: { A: 'b' } }
  assert.throws(() => files('/', option), { name: 'TypeError', message: /^files\(\): .*env/ })
})

test('Postern: a location of X-Accel-Redirect is whole segments, decoded, without dot segments', () => {
  checkOptions(folderSchema, { accel: { '/a/b c/': '/tmp', '/': '/tmp' }, sendfileRoots: ['/tmp'] }, 'folder()')
  for (const location of ['', 'a/', '/a', '/a//b/', '/a/../b/', '/./', '/a\0/'])
    refused({ accel: { [location]: '/tmp' } }, /accel/)
  refused({ sendfileRoots: '/tmp' }, /sendfileRoots/)
})

test('Postern: options that an authorizer has no use for are named', () => {
  refused({ searchWords: true }, /searchWords/, authorizerSchema)
  refused({ sendfileRoots: [] }, /sendfileRoots/, authorizerSchema)
  refused({ authorizer: '/a' }, /authorizer/)
  const made = authorizer({ script: '/a' }, { env: { A: 'b' }, totalTimeout: '5s' })
  checkOptions(serveSchema, { authorizer: made }, 'serve()')
})
