// CVE-2026-25500 and CVE-2009-4487: what strangers wrote, on pages of ours, in our logs and on our terminal.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayEvent, Observer } from '../../src/index.ts'
import { accessLog } from '../../src/observers/access-log.ts'
import { errorLog } from '../../src/observers/error-log.ts'
import { prettyLog } from '../../src/observers/pretty-log.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { field, typed, visit, watch } from './support.ts'

const markup = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `'onmouseover='alert(1)`,
  '&lt;b&gt;',
  '<!--',
  '</title><script>x',
  'javascript:alert(1)',
  '{{7*7}}',
  '`x`',
  '\u202egnp.exe',
  'a\nb',
  'a\tb',
]

test('CVE-2026-25500: a listing escapes every name, as text and as a link', async () => {
  using site = temporarySite()
  for (const name of markup) site.add(name.replaceAll('/', '∕'), 'x')
  site.add('<b>folder</b>'.replaceAll('/', '∕') + '/x', 'x')
  await using server = await watch(site.root, { listing: true })
  const answer = await visit(server.url, '/')
  assert.equal(answer.status, 200)
  const { rest } = answer
  for (const name of markup.filter((text) => /[<>"]/.test(text)))
    assert.equal(rest.includes(name.replaceAll('/', '∕')), false, name)
  assert.doesNotMatch(rest, /<script|<img|<b>/)
  for (const [, href = ''] of rest.matchAll(/href="([^"]*)"/g))
    assert.match(href, /^(\.\/[A-Za-z0-9\-._~!$&'()*+,;=:@%]*\/?|\.\.\/)$/)
  const inside = await visit(server.url, `/${encodeURIComponent('<b>folder<∕b>')}/`)
  assert.equal(inside.status, 200)
  assert.doesNotMatch(inside.rest, /<b>/)
})

test('CVE-2026-25500: a listing survives entries that cannot be looked at', async () => {
  using site = temporarySite({ 'a.txt': 'a', 'z.txt': 'z' })
  const { symlinkSync } = await import('node:fs')
  symlinkSync('loop', `${site.root}/loop`)
  symlinkSync('nowhere', `${site.root}/dangling`)
  symlinkSync('a.txt/b', `${site.root}/below-a-file`)
  await using server = await watch(site.root, { listing: true })
  const { status, rest } = await visit(server.url, '/')
  assert.equal(status, 200)
  assert.match(rest, /a\.txt[^]*z\.txt/)
})

test('CVE-2026-25500: error pages escape what the request said, in production and in development', async () => {
  using site = temporarySite({
    'cgi-bin/bad': '#!/bin/sh\necho "<script>alert(1)</script>" >&2\nprintf "<script>alert(2)</script>\\n"\n',
  })
  for (const dev of [true, false]) {
    await using server = await watch(site.root, { dev, allowedHosts: ['a'] })
    const query = '?<script>alert(3)</script>'
    for (const target of [
      `/none/<script>alert(4)</script>${query}`,
      `/cgi-bin/bad/<script>alert(5)</script>${query}`,
      '/%3cscript%3ealert(6)',
      `/<script>%zz${query}`,
    ]) {
      const fields = ['X-A: <script>alert(7)</script>', 'User-Agent: "><script>alert(8)</script>']
      const answer = await visit(server.url, target, { fields })
      assert.ok(answer.status >= 400)
      assert.doesNotMatch(answer.rest, /<script/, target)
      assert.equal(field(answer, 'x-content-type-options'), 'nosniff')
      assert.match(field(answer, 'content-security-policy') ?? '', /default-src 'none'/)
    }
  }
})

test('the error page of development hides what proves who somebody is', async () => {
  using site = temporarySite({ 'cgi-bin/bad': '#!/bin/sh\nexit 1\n' })
  await using server = await watch(site.root, {
    dev: true,
    allowedHosts: ['a'],
    passAuthorization: true,
    env: { DB_PASSWORD: 'S3CRET', API_TOKEN: 'S3CRET' },
  })
  const fields = ['Authorization: Bearer S3CRET', 'Cookie: session=S3CRET', 'X-Api-Key: S3CRET', 'X-CSRF-Token: S3CRET']
  const { status, raw } = await visit(server.url, '/cgi-bin/bad', { fields })
  assert.equal(status, 502)
  assert.doesNotMatch(raw, /S3CRET/)
})

/** Escape sequences of terminals, line ends, C1 controls (also as UTF-8), and characters that turn text around. */
const dangerous = [
  '\x1b[2J',
  '\x1b]0;title\x07',
  '\r\n127.0.0.1 - - forged',
  '\nforged',
  '\x9b31m',
  '\x00',
  '\x7f',
  '\b\b',
  '\u202e',
  '\u2066',
  '\u2028',
  '\u0085',
  '" 200 1 "-" "forged',
]
// Line ends that end a record, and everything that a terminal obeys.
const control = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

function logged(
  make: (out: { write(text: string): void }) => Observer,
  events: readonly GatewayEvent[],
): readonly string[] {
  let text = ''
  const observe = make({ write: (more) => void (text += more) })
  for (const event of events) observe(event)
  assert.ok(text.endsWith('\n'))
  return text.slice(0, -1).split('\n')
}

function eventsWith(text: string): readonly GatewayEvent[] {
  const bytes = Buffer.from(text).toString('latin1')
  const request = {
    id: 'id',
    method: 'GET',
    target: `/${bytes}`,
    protocol: 'HTTP/1.1',
    remoteAddress: '127.0.0.1',
    remoteUser: text,
    referer: bytes,
    userAgent: bytes,
  }
  const failure = { kind: 'bad-head', fault: 'not-a-field', line: bytes, exitCode: null, signal: null } as const
  const shared = { id: 'id', script: `/cgi-bin/${bytes}` }
  return [
    {
      type: 'request-ended',
      request,
      status: 200,
      bodyBytes: 1,
      startedAt: 0,
      durationMs: 1,
      clientGone: false,
      script: shared.script,
    },
    { type: 'diagnostic-line', ...shared, line: bytes },
    { type: 'field-dropped', id: 'id', name: bytes, why: text },
    { type: 'request-refused', id: 'id', status: 400, why: text },
    { type: 'script-failed', ...shared, failure, diagnosis: { rule: 'rule', cause: text, mend: text } },
    { type: 'notice', text },
  ]
}

for (const text of dangerous) {
  const shown = JSON.stringify(text)
  for (const format of ['common', 'combined', 'json'] as const) {
    test(`CVE-2009-4487: ${shown} neither forges a line of the access log (${format}) nor reaches a terminal`, () => {
      const lines = logged((out) => accessLog(format, out), eventsWith(text))
      assert.equal(lines.length, 1, lines.join('\n'))
      assert.doesNotMatch(lines[0] ?? '', control)
      if (format === 'json') assert.equal(JSON.parse(lines[0] ?? '').target, `/${text}`)
      else
        assert.match(
          lines[0] ?? '',
          /^127\.0\.0\.1 - \S+ \[[^\]]+\] "GET (?:[^"\\]|\\.)*" 200 1(?: "(?:[^"\\]|\\.)*"){0,2}$/,
        )
    })
  }
  test(`CVE-2009-4487: ${shown} neither forges a line of the error log nor reaches a terminal`, () => {
    const lines = logged(errorLog, eventsWith(text))
    assert.equal(lines.length, 5)
    for (const line of lines) {
      assert.doesNotMatch(line, control)
      assert.doesNotThrow(() => JSON.parse(line))
    }
  })
  test(`CVE-2009-4487: ${shown} neither forges a line of the pretty log nor reaches a terminal`, () => {
    const lines = logged((out) => prettyLog(out, { colours: false }), eventsWith(text))
    assert.equal(lines.length, 8, lines.join('\n'))
    for (const line of lines) assert.doesNotMatch(line, control)
  })
}

test('CVE-2009-4487: a request and a script with escape sequences leave none in any log, from end to end', async () => {
  using site = temporarySite({
    'cgi-bin/talks': `#!/bin/sh\nprintf '\\033[2Jclear\\r\\nforged\\n\\233x' >&2\n${typed}`,
  })
  const texts: string[] = []
  const out = { write: (text: string): void => void texts.push(text) }
  const observers = [
    accessLog('combined', out),
    accessLog('json', out),
    errorLog(out),
    prettyLog(out, { colours: false }),
  ]
  await using server = await watch(site.root, { observe: (event) => observers.forEach((observe) => observe(event)) })
  const fields = ['User-Agent: \x9b2J" "x', 'Referer: \xc2\x9b2J', 'X_Odd\t: y'.replace('\t', '')]
  await visit(server.url, '/cgi-bin/talks?%1b[2J%0aforged', { fields })
  await visit(server.url, '/%1b[2J', { fields })
  const text = texts.join('')
  assert.match(text, /forged/)
  assert.doesNotMatch(text, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/)
  assert.equal(
    text.split('\n').some((line) => line.startsWith('forged')),
    false,
  )
})
