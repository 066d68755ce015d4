// Field notes 3.1: what settings may put into the environment of a script, whom the server believes, what it keeps.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cgi, createGateway, folder, serve } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { environmentOf, environmentScript, visit, watch } from './support.ts'

const site = temporarySite({ 'cgi-bin/env': environmentScript })
process.on('exit', () => site[Symbol.dispose]())

const reserved = [
  'AUTH_TYPE',
  'CONTENT_LENGTH',
  'CONTENT_TYPE',
  'DOCUMENT_ROOT',
  'GATEWAY_INTERFACE',
  'HTTPS',
  'PATH_INFO',
  'PATH_TRANSLATED',
  'QUERY_STRING',
  'REDIRECT_STATUS',
  'REMOTE_ADDR',
  'REMOTE_HOST',
  'REMOTE_IDENT',
  'REMOTE_PORT',
  'REMOTE_USER',
  'REQUEST_METHOD',
  'REQUEST_SCHEME',
  'REQUEST_URI',
  'SCRIPT_FILENAME',
  'SCRIPT_NAME',
  'SERVER_ADDR',
  'SERVER_NAME',
  'SERVER_PORT',
  'SERVER_PROTOCOL',
  'SERVER_SOFTWARE',
  'UNIQUE_ID',
  'HTTP_HOST',
  'HTTP_PROXY',
  'HTTP_X_ANY',
]

test('CVE-2025-65082: a setting cannot override a variable of the gateway', async () => {
  for (const name of reserved) {
    assert.throws(() => folder(site.root, { env: { [name]: 'x' } }), TypeError, name)
    assert.throws(() => cgi(site.root, { passEnv: [name] }), TypeError, name)
    await assert.rejects(serve(site.root, { port: 0, env: { [name]: 'x' } }), TypeError, name)
  }
})

test('CVE-2025-65082: a setting that is no name, or holds a NUL, is refused', () => {
  for (const name of ['', 'A=B', 'A B', '1A', 'A\0B', 'A\nB', 'Ä', 'BASH_FUNC_x%%']) {
    assert.throws(() => folder(site.root, { env: { [name]: 'x' } }), TypeError, JSON.stringify(name))
  }
  assert.throws(() => folder(site.root, { env: { A: 'x\0B=y' } }), TypeError)
})

test('CVE-2025-65082: passFields lets an odd name through, but none that is never passed', async () => {
  await using server = await watch(site.root, {
    passFields: ['x_user', 'Proxy', 'Redirect-Status', 'X-Sendfile', 'x_accel_mapping'],
  })
  const fields = [
    'X_User: ada',
    'Proxy: evil',
    'Redirect-Status: 1',
    'X-Sendfile: /',
    'X_Accel_Mapping: /=/',
    'Y_User: eve',
  ]
  const variables = environmentOf(await visit(server.url, '/cgi-bin/env', { fields }))
  assert.equal(variables.get('HTTP_X_USER'), 'ada')
  const never = ['HTTP_PROXY', 'HTTP_REDIRECT_STATUS', 'HTTP_X_SENDFILE', 'HTTP_X_ACCEL_MAPPING', 'HTTP_Y_USER']
  for (const name of never) assert.equal(variables.has(name), false)
})

test("secrets stay out: of the server's own environment a script sees an allow list alone", async () => {
  const secrets = {
    AWS_SECRET_ACCESS_KEY: 's3cret',
    DATABASE_URL: 's3cret',
    NODE_OPTIONS: '--no-warnings',
    LD_LIBRARY_PATH: '/s3cret',
    HTTP_PROXY: 'http://s3cret/',
    http_proxy: 'http://s3cret/',
    HOME: '/s3cret',
    SHOWN: 'shown',
  }
  const before = new Map(Object.keys(secrets).map((name) => [name, process.env[name]]))
  Object.assign(process.env, secrets)
  try {
    await using server = await watch(site.root, { passEnv: ['SHOWN'] })
    const variables = environmentOf(await visit(server.url, '/cgi-bin/env'))
    assert.equal(
      [...variables.values()].some((value) => value.includes('s3cret')),
      false,
    )
    assert.equal(variables.has('NODE_OPTIONS'), false)
    assert.equal(variables.get('SHOWN'), 'shown')
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
})

test('X-Forwarded-For and -Proto are not believed unless the proxy is trusted', async () => {
  const fields = [
    'X-Forwarded-For: 6.6.6.6',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: evil',
    'Forwarded: for=6.6.6.6;proto=https',
    'X-Real-IP: 6.6.6.6',
    'Client-IP: 6.6.6.6',
  ]
  await using server = await watch(site.root, { trustedProxies: ['10.0.0.0/8', '::1'] })
  const variables = environmentOf(await visit(server.url, '/cgi-bin/env', { fields }))
  assert.deepEqual(
    ['REMOTE_ADDR', 'HTTPS', 'REQUEST_SCHEME', 'SERVER_NAME'].map((name) => variables.get(name)),
    ['127.0.0.1', undefined, 'http', 'a'],
  )
})

test('X-Forwarded-For of a trusted proxy: the nearest address that is not trusted, whatever is written to its left', async () => {
  await using server = await watch(site.root, { trustedProxies: ['127.0.0.1', '10.0.0.0/8'] })
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['X-Forwarded-For: 6.6.6.6, 5.5.5.5, 10.1.2.3'], '5.5.5.5'],
    [['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 5.5.5.5'], '5.5.5.5'],
    [['X-Forwarded-For: 6.6.6.6, nonsense'], '127.0.0.1'],
    [['X-Forwarded-For: 6.6.6.6, nonsense, 10.1.2.3'], '10.1.2.3'],
    [['X-Forwarded-For: 2001:db8::1'], '2001:db8::1'],
    [['X-Forwarded-For: fe80::1%eth0'], 'fe80::1%eth0'],
    [['X-Forwarded-For: ::ffff:5.5.5.5'], '::ffff:5.5.5.5'],
    [['X-Forwarded-For: 6.6.6.6:80'], '127.0.0.1'],
    [['X-Forwarded-For: '], '127.0.0.1'],
  ]
  for (const [fields, address] of cases) {
    const answer = await visit(server.url, '/cgi-bin/env', { fields })
    assert.equal(environmentOf(answer).get('REMOTE_ADDR'), address, fields.join())
  }
})

test('X-Forwarded-Proto of a trusted proxy is http or https, nothing else', async () => {
  await using server = await watch(site.root, { trustedProxies: ['127.0.0.1'] })
  for (const [proto, scheme] of [
    ['https', 'https'],
    ['HTTPS', 'https'],
    ['http', 'http'],
    ['javascript', 'http'],
    ['https, http', 'http'],
  ] as const) {
    const variables = environmentOf(
      await visit(server.url, '/cgi-bin/env', { fields: [`X-Forwarded-Proto: ${proto}`] }),
    )
    assert.equal(variables.get('REQUEST_SCHEME'), scheme, proto)
    assert.equal(variables.get('HTTPS'), scheme === 'https' ? 'on' : undefined)
  }
})

test('a trusted proxy that is no address or block is refused at the start', () => {
  for (const entry of [
    '',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '*',
    '::/129',
    '10.0.0.0/-1',
    '10.0.0.0/ 8',
    '10.0.0.0/1e1',
    '10.0.0.0/0x8',
  ]) {
    assert.throws(() => createGateway({ trustedProxies: [entry], routes: [] }), TypeError, entry)
  }
})

test('RFC 9112 3.2.2: serverName is said whatever Host or an absolute target says', async () => {
  await using server = await watch(site.root, { serverName: 'www.example.org' })
  for (const target of ['/cgi-bin/env', 'http://evil/cgi-bin/env']) {
    assert.equal(environmentOf(await visit(server.url, target)).get('SERVER_NAME'), 'www.example.org')
  }
})

test('CVE-2017-12814: more variables than maxVariables are 431, and no script runs', async () => {
  await using server = await watch(site.root, { maxVariables: '4KiB', maxHeader: '32KiB' })
  const answer = await visit(server.url, '/cgi-bin/env', { fields: [`X-A: ${'x'.repeat(5000)}`] })
  assert.equal(answer.status, 431)
  assert.equal(
    server.events.some(({ type }) => type === 'program-started'),
    false,
  )
})

test('CVE-2017-12814: a request as large as all limits allow still starts a script (E2BIG is far)', async () => {
  await using server = await watch(site.root, { maxHeader: '110KiB' })
  const answer = await visit(server.url, '/cgi-bin/env', { fields: [`X-A: ${'x'.repeat(100_000)}`] })
  assert.equal(environmentOf(answer).get('HTTP_X_A')?.length, 100_000)
})
