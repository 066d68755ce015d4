// Field notes 3.1: what a request can put into the environment of a script, by every frontend.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporarySite } from '../support/temporary-site.ts'
import { environmentScript, fronts, type Front } from './support.ts'

type Fields = readonly (readonly [string, string])[]

const site = temporarySite({ 'cgi-bin/env': environmentScript })
process.on('exit', () => site[Symbol.dispose]())

async function environment(
  front: Front,
  fields: Fields,
  target = '/cgi-bin/env',
): Promise<ReadonlyMap<string, string>> {
  const { status, text } = await front.ask(target, fields)
  assert.equal(status, 200, `${front.name}: ${text}`)
  return new Map(text.split('\n').map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]))
}

for (const open of fronts) {
  const front = await open(site.root)
  test.after(() => front[Symbol.asyncDispose]())
  const { name } = front

  test(`CVE-2016-5385, -5386, -5387, CVE-2016-1000104 and kin (httpoxy): Proxy never becomes HTTP_PROXY (${name})`, async () => {
    for (const proxy of ['Proxy', 'PROXY', 'proxy', 'pRoXy']) {
      const variables = await environment(front, [[proxy, 'http://evil/']])
      assert.deepEqual(
        [...variables.keys()].filter((key) => /proxy/i.test(key)),
        [],
      )
    }
    assert.ok(front.events.some((event) => event.type === 'field-dropped' && event.name.toLowerCase() === 'proxy'))
  })

  test(`CVE-2015-0219, CVE-2024-45614, GHSA-f59h-q822-g45g: a name with "_" is dropped, and the drop is reported (${name})`, async () => {
    const variables = await environment(front, [
      ['X_Forwarded_For', '6.6.6.6'],
      ['Remote_User', 'root'],
      ['X.Odd', '1'],
      ['X!Other', '2'],
    ])
    assert.equal(
      [...variables.values()].some((value) => ['6.6.6.6', 'root'].includes(value)),
      false,
    )
    assert.deepEqual(
      [...variables.keys()].filter((key) => key.startsWith('HTTP_X')),
      [],
    )
    const dropped = front.events.flatMap((event) => (event.type === 'field-dropped' ? [event.name.toLowerCase()] : []))
    for (const odd of ['x_forwarded_for', 'remote_user', 'x.odd', 'x!other']) assert.ok(dropped.includes(odd), odd)
  })

  test(`CVE-2015-0219, lighttpd PR 170: two names for one variable are 400, in either order (${name})`, async () => {
    for (const [a, b] of [
      ['X-User', 'X_User'],
      ['X_User', 'X-User'],
      ['X.User', 'X-User'],
      ['Content_Length', 'Content-Type'],
    ] as const) {
      const { status } = await front.ask('/cgi-bin/env', [
        [a, 'one'],
        [b, 'two'],
      ])
      assert.equal(status, a === 'Content_Length' ? 200 : 400, `${a} and ${b}`)
    }
  })

  test(`CVE-2014-6271 (Shellshock): a value that begins like a shell function is refused, in every field (${name})`, async () => {
    for (const field of ['User-Agent', 'Cookie', 'Referer', 'Content-Type', 'Accept', 'X-Any']) {
      for (const value of ['() { :; }; echo pwned', '() {', '(){ :;};']) {
        const { status } = await front.ask('/cgi-bin/env', [[field, value]])
        assert.equal(status, 400, `${field}: ${value}`)
      }
    }
  })

  test(`CVE-2017-17562, CVE-2021-42342: queries, paths and fields name no variable of their own (${name})`, async () => {
    const names = [
      'LD_PRELOAD',
      'DYLD_INSERT_LIBRARIES',
      'BASH_ENV',
      'ENV',
      'IFS',
      'PERL5OPT',
      'PERL5LIB',
      'PYTHONPATH',
      'PYTHONSTARTUP',
      'NODE_OPTIONS',
      'RUBYOPT',
      'GIT_DIR',
      'GCONV_PATH',
    ]
    const fields: Fields = names
      .flatMap(
        (key) =>
          [
            [key, 'evil'],
            [key.replaceAll('_', '-'), 'evil'],
          ] as const,
      )
      .filter(([key]) => !key.includes('_'))
    const query = names.map((key) => `${key}=evil`).join('&')
    const variables = await environment(front, fields, `/cgi-bin/env/LD_PRELOAD=evil?${query}`)
    for (const key of names) assert.equal(variables.has(key), false, key)
    const known =
      /^(HTTP_[A-Z0-9_]+|AUTH_TYPE|CONTENT_(LENGTH|TYPE)|DOCUMENT_ROOT|GATEWAY_INTERFACE|HTTPS|PATH(_INFO|_TRANSLATED)?|QUERY_STRING|REDIRECT_STATUS|REMOTE_(ADDR|PORT|USER)|REQUEST_(METHOD|SCHEME|URI)|SCRIPT_(FILENAME|NAME)|SERVER_(ADDR|NAME|PORT|PROTOCOL|SOFTWARE)|UNIQUE_ID|LANG|LC_[A-Z]+|TZ|TMPDIR|PWD|SHLVL|_|)$/
    for (const key of variables.keys()) assert.match(key, known)
  })

  test(`CVE-2024-8927: Redirect-Status does not reach php-cgi; REDIRECT_STATUS is ours (${name})`, async () => {
    const variables = await environment(front, [['Redirect-Status', '666']])
    assert.equal(variables.get('REDIRECT_STATUS'), '200')
    assert.equal(variables.has('HTTP_REDIRECT_STATUS'), false)
  })

  test(`CVE-2020-11984: uwsgi's magic variables cannot be set by a field (${name})`, async () => {
    const variables = await environment(front, [
      ['UWSGI-FILE', '/etc/passwd'],
      ['UWSGI_SCRIPT', 'x'],
      ['uwsgi-chdir', '/'],
    ])
    assert.deepEqual(
      [...variables.keys()].filter((key) => key.startsWith('UWSGI')),
      [],
    )
    assert.equal(variables.get('HTTP_UWSGI_FILE'), '/etc/passwd')
  })

  test(`RFC 3875 4.1.11: REMOTE_USER and AUTH_TYPE are never taken from a field (${name})`, async () => {
    const variables = await environment(front, [
      ['Remote-User', 'root'],
      ['Auth-Type', 'Basic'],
      ['Authorization', 'Basic cm9vdDo='],
    ])
    for (const key of ['REMOTE_USER', 'AUTH_TYPE', 'HTTP_AUTHORIZATION', 'REMOTE_IDENT'])
      assert.equal(variables.has(key), false, key)
    assert.equal(variables.get('HTTP_REMOTE_USER'), 'root')
  })

  test(`CVE-2026-21710 and kin, prototype pollution: names of Object's own properties are names like others (${name})`, async () => {
    const variables = await environment(front, [
      ['constructor', 'a'],
      ['toString', 'b'],
      ['hasOwnProperty', 'c'],
      ['__proto__', 'd'],
      ['prototype', 'e'],
    ])
    const passed = ['CONSTRUCTOR', 'TOSTRING', 'HASOWNPROPERTY', 'PROTOTYPE'].map((key) => variables.get(`HTTP_${key}`))
    assert.deepEqual(passed, ['a', 'b', 'c', 'e'])
    assert.equal(Reflect.get({}, 'd'), undefined)
    assert.equal((await front.ask('/cgi-bin/env?__proto__[x]=y&constructor.prototype.x=y')).status, 200)
    assert.equal(Reflect.get({}, 'x'), undefined)
    for (const path of ['/__proto__', '/constructor', '/cgi-bin/__proto__', '/toString/']) {
      assert.equal((await front.ask(path)).status, 404, path)
    }
  })

  test(`CVE-2025-61780, CVE-2026-7381: X-Sendfile and X-Accel fields of a client steer nothing (${name})`, async () => {
    const variables = await environment(front, [
      ['X-Sendfile-Type', 'X-Accel-Redirect'],
      ['X-Accel-Mapping', '/=/etc/'],
      ['X-Accel-Redirect', '/etc/passwd'],
      ['X-Sendfile', '/etc/passwd'],
      ['X-Sendfile2', '/etc/passwd 0-1'],
      ['X-Sendfile-Temporary', '/etc/passwd'],
      ['X-Accel-Buffering', 'no'],
      ['X-Accel-Limit-Rate', '1'],
      ['X-Lighttpd-Send-File', '/etc/passwd'],
      ['X-Lighttpd-Send-Tempfile', '/etc/passwd'],
      ['X-Accelerator', 'passes'],
    ])
    assert.equal(variables.get('HTTP_X_ACCELERATOR'), 'passes')
    assert.deepEqual(
      [...variables.keys()].filter((key) => /ACCEL_|ACCEL$|SENDFILE|LIGHTTPD/.test(key)),
      [],
    )
  })

  test(`CVE-2017-12814: a name of more than 256 bytes is dropped (${name})`, async () => {
    const variables = await environment(front, [
      [`X-${'a'.repeat(300)}`, 'long'],
      [`X-${'b'.repeat(100)}`, 'short'],
    ])
    assert.deepEqual(
      [...variables].filter(([key]) => key.startsWith('HTTP_X')).map(([, value]) => value),
      ['short'],
    )
  })

  test(`RFC 3875 4.1.18: fields of this connection alone are not passed on (${name})`, async () => {
    const variables = await environment(front, [
      ['Proxy-Authorization', 'Basic eA=='],
      ['Proxy-Connection', 'x'],
      ['Trailer', 'X-T'],
    ])
    assert.deepEqual(
      [...variables.keys()].filter((key) => /^HTTP_(PROXY|CONNECTION|TE|TRAILER|KEEP_ALIVE)/.test(key)),
      [],
    )
  })
}
