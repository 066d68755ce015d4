// What web servers in front say, and what is made of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readServerVariables, type ServerRequest } from '../../src/frontends/server-variables.ts'
import { reservedVariables } from '../../src/protocol/cgi/variable-names.ts'
import { isRejected, readRequestTarget, readSegments } from '../../src/protocol/http/request-target.ts'
import { firstValue } from '../../src/protocol/http/fields.ts'

function read(variables: Readonly<Record<string, string>>, pass: readonly string[] = []): ServerRequest {
  const result = readServerVariables(new Map(Object.entries({ REQUEST_METHOD: 'GET', ...variables })), new Set(pass))
  assert.ok(!('rejected' in result), JSON.stringify(result))
  return result
}

function refused(variables: Readonly<Record<string, string>>): string {
  const result = readServerVariables(new Map(Object.entries({ REQUEST_METHOD: 'GET', ...variables })), new Set())
  assert.ok('rejected' in result)
  return result.rejected
}

const place = (variables: Readonly<Record<string, string>>): readonly [string, string | undefined] => {
  const { target, requestUri } = read(variables)
  return [target, requestUri]
}

const host = (more: Readonly<Record<string, string>>): string | undefined =>
  firstValue(read({ SCRIPT_NAME: '/', ...more }).fields, 'host')

const protocol = (value: string): string => read({ SCRIPT_NAME: '/', SERVER_PROTOCOL: value }).protocol

function decodedPath(target: string): string | undefined {
  const request = readRequestTarget(target)
  if (isRejected(request)) return undefined
  const segments = readSegments(request.rawPath)
  return isRejected(segments) ? undefined : `/${segments.map(({ decoded }) => decoded).join('/')}`
}

test('RFC 3875 4.1.5, 4.1.13: the path is SCRIPT_NAME and PATH_INFO; where REQUEST_URI is the same its escapes survive', () => {
  const uri = '/a%20b/c%2Bd?x=%20'
  assert.deepEqual(place({ SCRIPT_NAME: '/a b', PATH_INFO: '/c+d', REQUEST_URI: uri, QUERY_STRING: 'x=%20' }), [
    uri,
    undefined,
  ])
})

test('Postern: nginx: SCRIPT_NAME alone, DOCUMENT_URI alone (scgi_params) and PATH_INFO alone (uwsgi_params)', () => {
  for (const name of ['SCRIPT_NAME', 'DOCUMENT_URI', 'PATH_INFO']) {
    assert.deepEqual(place({ [name]: '/a b', REQUEST_URI: '/a%20b?q', QUERY_STRING: 'q' }), ['/a%20b?q', undefined])
  }
})

test('Postern: nginx and Apache: a rewritten path counts, and REQUEST_URI still says what the client wrote', () => {
  const rewritten = { SCRIPT_NAME: '/index.cgi', QUERY_STRING: 'page=a b%', REQUEST_URI: '/a%20b' }
  assert.deepEqual(place(rewritten), ['/index.cgi?page=a b%', '/a%20b'])
  assert.deepEqual(place({ SCRIPT_NAME: '/a', QUERY_STRING: 'new=1', REQUEST_URI: '/a?old=1' }), [
    '/a?new=1',
    '/a?old=1',
  ])
})

test('Postern: Apache: escapes that ProxyPass left in PATH_INFO are not escaped twice', () => {
  assert.deepEqual(place({ SCRIPT_NAME: '', PATH_INFO: '/a%20b', REQUEST_URI: '/a%20b' }), ['/a%20b', undefined])
})

test('Postern: a path that is said twice, in SCRIPT_NAME and PATH_INFO, is said once', () => {
  assert.deepEqual(place({ SCRIPT_NAME: '/a', PATH_INFO: '/a', REQUEST_URI: '/a' }), ['/a', undefined])
  assert.deepEqual(place({ SCRIPT_NAME: '/a', PATH_INFO: '/a', REQUEST_URI: '/a/a' }), ['/a/a', undefined])
})

test('Postern: REQUEST_URI serves where nothing else says the path', () => {
  assert.deepEqual(place({ REQUEST_URI: '/a%20b?q' }), ['/a%20b?q', undefined])
  assert.deepEqual(place({ REQUEST_METHOD: 'OPTIONS', REQUEST_URI: '*' }), ['*', undefined])
})

test('CVE-2021-41773: a normalised path of the server is not taken for another that the client wrote', () => {
  assert.deepEqual(place({ SCRIPT_NAME: '/b', REQUEST_URI: '/a/%2e%2e/b' }), ['/a/%2e%2e/b', undefined])
  assert.deepEqual(place({ SCRIPT_NAME: '/b', REQUEST_URI: '/a/../../b' }), ['/b', '/a/../../b'])
})

test('Postern: whatever the server says is the path, the target decodes to it (property)', () => {
  const segment = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
  const plain = segment.filter((text) => !/[\x7f/]/.test(text) && text !== '.' && text !== '..')
  const path = fc.array(plain, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`)
  fc.assert(
    fc.property(path, fc.option(path), (scriptName, pathInfo) => {
      const whole = scriptName + (pathInfo ?? '')
      const { target } = read({ SCRIPT_NAME: scriptName, PATH_INFO: pathInfo ?? '', REQUEST_URI: '/elsewhere' })
      assert.equal(decodedPath(target), whole)
    }),
  )
})

test('RFC 3875 4.1.18: HTTP_* become fields again, in their order; CONTENT_* are fields of their own', () => {
  const { fields } = read({
    SCRIPT_NAME: '/',
    HTTP_ACCEPT_LANGUAGE: 'de',
    HTTP_HOST: 'a',
    HTTP_X_: 'y',
    HTTP_CONTENT_LENGTH: '7',
    HTTP_CONTENT_TYPE: 'b/c',
    'HTTP_x-y': 'odd',
    CONTENT_TYPE: 'a/b',
    CONTENT_LENGTH: '3',
  })
  assert.deepEqual(fields, [
    ['Accept-Language', 'de'],
    ['Host', 'a'],
    ['X-', 'y'],
    ['Content-Type', 'a/b'],
    ['Content-Length', '3'],
  ])
})

test('Postern: without HTTP_HOST (HTTP/3, HTTP/1.0) Host is SERVER_NAME and a port that is not the scheme’s', () => {
  assert.equal(host({ SERVER_NAME: 'a.example', SERVER_PORT: '80' }), 'a.example')
  assert.equal(host({ SERVER_NAME: 'a.example', SERVER_PORT: '443' }), 'a.example:443')
  assert.equal(host({ SERVER_NAME: 'a.example', SERVER_PORT: '443', HTTPS: 'on' }), 'a.example')
  assert.equal(host({ SERVER_NAME: '::1', SERVER_PORT: '8080' }), '[::1]:8080')
  assert.equal(host({}), undefined)
})

test('RFC 3875 4.1.16: SERVER_PROTOCOL of every version passes; INCLUDED or none is HTTP/1.0', () => {
  for (const value of ['HTTP/1.0', 'HTTP/1.1', 'HTTP/2.0', 'HTTP/2', 'HTTP/3']) assert.equal(protocol(value), value)
  for (const value of ['', 'INCLUDED', 'HTTP/1.1 x', 'gopher']) assert.equal(protocol(value), 'HTTP/1.0')
})

test('RFC 3875 4.1.8, 4.1.15: addresses, ports and the scheme', () => {
  const { peer, local, scheme } = read({
    SCRIPT_NAME: '/',
    REMOTE_ADDR: '::ffff:192.0.2.1',
    REMOTE_PORT: '99',
    SERVER_ADDR: '2001:db8::1',
    SERVER_PORT: '8443',
    REQUEST_SCHEME: 'https',
  })
  assert.deepEqual(
    [peer, local, scheme],
    [{ address: '192.0.2.1', port: 99 }, { address: '2001:db8::1', port: 8443 }, 'https'],
  )
  const odd = read({ SCRIPT_NAME: '/', REMOTE_ADDR: 'unix:', REMOTE_PORT: 'x', SERVER_PORT: '70000', HTTPS: 'off' })
  assert.deepEqual([odd.peer, odd.local.port, odd.scheme], [{ address: '', port: 0 }, 80, 'http'])
  for (const on of [{ HTTPS: 'ON' }, { HTTPS: '1' }, { UWSGI_SCHEME: 'https' }])
    assert.equal(read({ SCRIPT_NAME: '/', ...on }).scheme, 'https')
})

test('RFC 3875 4.1.11: REMOTE_USER counts where AUTH_TYPE says how it was verified (nginx sends an unverified one)', () => {
  assert.deepEqual(read({ SCRIPT_NAME: '/', REMOTE_USER: 'eve', AUTH_TYPE: 'Basic' }).user, {
    name: 'eve',
    authType: 'Basic',
  })
  assert.equal(read({ SCRIPT_NAME: '/', REMOTE_USER: 'eve' }).user, undefined)
  assert.equal(read({ SCRIPT_NAME: '/', REMOTE_USER: 'eve', HTTP_AUTH_TYPE: 'Basic' }).user, undefined)
})

test('Postern: the server’s id of a request becomes ours, where it is one', () => {
  assert.equal(read({ SCRIPT_NAME: '/', UNIQUE_ID: 'Y@b-c._1' }).id, 'Y@b-c._1')
  assert.equal(read({ SCRIPT_NAME: '/', REQUEST_ID: 'abc' }).id, 'abc')
  for (const id of ['', 'a b', 'a'.repeat(65), 'a"b'])
    assert.equal(read({ SCRIPT_NAME: '/', UNIQUE_ID: id }).id, undefined)
})

test('Postern: only variables that the settings name are passed on', () => {
  const variables = {
    SCRIPT_NAME: '/',
    GIT_PROJECT_ROOT: '/git',
    DOCUMENT_ROOT: '/www',
    PHP_VALUE: 'x',
    UWSGI_FILE: '/x',
  }
  assert.deepEqual([...read(variables, ['GIT_PROJECT_ROOT', 'NONE']).passed], [['GIT_PROJECT_ROOT', '/git']])
  assert.deepEqual([...read(variables).passed], [])
})

test('Postern: no variable of the gateway’s own, and nothing but what the settings name, ever passes (property)', () => {
  const name = fc.constantFrom(...reservedVariables, 'HTTP_PROXY', 'LD_PRELOAD', 'UWSGI_SCRIPT', 'GIT_PROJECT_ROOT')
  fc.assert(
    fc.property(fc.dictionary(name, fc.stringMatching(/^[!-~]{0,9}$/)), (variables) => {
      const result = readServerVariables(
        new Map(Object.entries({ ...variables, REQUEST_METHOD: 'GET', SCRIPT_NAME: '/', CONTENT_LENGTH: '' })),
        new Set(['GIT_PROJECT_ROOT']),
      )
      if ('rejected' in result) return
      assert.deepEqual(
        [...result.passed.keys()].filter((key) => key !== 'GIT_PROJECT_ROOT'),
        [],
      )
    }),
  )
})

test('Postern: a NUL, CR or LF in any variable, no method, no path or an odd length refuse a request', () => {
  for (const evil of ['\0', '\r', '\n']) {
    assert.match(refused({ SCRIPT_NAME: '/', HTTP_X: `a${evil}b` }), /NUL, CR or LF/)
    assert.match(refused({ SCRIPT_NAME: '/', [`HTTP_X${evil}`]: 'a' }), /NUL, CR or LF/)
  }
  assert.match(refused({ SCRIPT_NAME: '/', REQUEST_METHOD: '' }), /REQUEST_METHOD/)
  assert.match(refused({}), /no variable says the path/)
  assert.match(refused({ SCRIPT_NAME: 'x' }), /slash/)
  for (const length of ['-2', '+1', '1 ', '0x1', '9'.repeat(16)])
    assert.match(refused({ SCRIPT_NAME: '/', CONTENT_LENGTH: length }), /CONTENT_LENGTH/)
})

test('Postern: Caddy: a CONTENT_LENGTH of -1 is an unknown length', () => {
  const { contentLength, fields } = read({ SCRIPT_NAME: '/', REQUEST_METHOD: 'POST', CONTENT_LENGTH: '-1' })
  assert.equal(contentLength, undefined)
  assert.equal(firstValue(fields, 'content-length'), undefined)
})

test('Postern: frontMounts: SCRIPT_NAME is where routes begin, and is believed only where a setting says so', () => {
  const variables = new Map(Object.entries({ REQUEST_METHOD: 'GET', SCRIPT_NAME: '/a b.cgi', PATH_INFO: '/c' }))
  for (const [frontMounts, mount] of [
    [false, ''],
    [true, '/a b.cgi'],
  ] as const) {
    const told = readServerVariables(variables, new Set(), frontMounts)
    assert.ok(!('rejected' in told))
    assert.deepEqual([told.mount, told.target], [mount, '/a%20b.cgi/c'])
  }
})
