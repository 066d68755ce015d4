// The programs that guides show do what the guides say.

import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { missing } from '../support/real-parts.ts'
import { startServer } from '../support/server-process.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { perlModuleMissing } from './perl-module.ts'

const guides = fileURLToPath(new URL('../../../docs/guides/', import.meta.url))

/** The one program of a guide that begins with this line. */
function shown(guide: string, firstLine: string): string {
  const text = readFileSync(join(guides, guide), 'utf8')
  const blocks = [...text.matchAll(/^```\w+\n([^]*?)^```/gm)].map((match) => match[1] ?? '')
  const [program, another] = blocks.filter((block) => block.startsWith(`${firstLine}\n`))
  assert.ok(program !== undefined && another === undefined, `${guide}: ${firstLine}`)
  return program
}

test('authorizers.md: the program that checks passwords', { skip: missing('python3') }, async () => {
  const key = scryptSync('secret:word', Buffer.from('00ff', 'hex'), 64, { N: 2 ** 14, r: 8, p: 1 }).toString('hex')
  using site = temporarySite({
    'auth/check.py': shown('authorizers.md', '#!/usr/bin/env python3'),
    'auth/users': `bob:ab:cd\nada:00ff:${key}\n`,
    'site/page.txt': 'page\n',
    'site/cgi-bin/who':
      '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n$AUTH_TYPE $REMOTE_USER ${HTTP_AUTHORIZATION-unset}\\n"\n',
  })
  const at = (path: string): string => join(site.root, path)
  await using server = await startServer([
    at('site'),
    '--prod',
    '--authorizer',
    at('auth/check.py'),
    '--env',
    `USERS=${at('auth/users')}`,
  ])
  const get = (path: string, credentials?: string): Promise<Response> =>
    fetch(
      `${server.url}${path}`,
      credentials === undefined ? {} : { headers: { Authorization: `Basic ${btoa(credentials)}` } },
    )
  for (const wrong of [undefined, 'ada:secret', 'ada:', 'bob:secret:word', 'eve:x', '']) {
    const answer = await get('page.txt', wrong)
    assert.equal(answer.status, 401, wrong)
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /)
    assert.equal(await answer.text(), 'Sign in.\n')
  }
  assert.equal(await (await get('page.txt', 'ada:secret:word')).text(), 'page\n')
  assert.equal(await (await get('cgi-bin/who', 'ada:secret:word')).text(), 'Basic ada unset\n')
})

test(
  'authorizers.md: the FastCGI authorizer runs as a CGI program',
  { skip: missing('perl') || perlModuleMissing('FCGI') },
  async () => {
    const program = shown('authorizers.md', '#!/usr/bin/perl')
    using site = temporarySite({
      'auth/check.pl': `${program}sub user_of { $_[0] eq 'good' ? 'ada' : undef }\n`,
      'site/page.txt': 'page\n',
    })
    await using server = await startServer([join(site.root, 'site'), '--authorizer', join(site.root, 'auth/check.pl')])
    const get = (session: string): Promise<Response> =>
      fetch(`${server.url}page.txt`, { redirect: 'manual', headers: { Cookie: `session=${session}` } })
    assert.equal(await (await get('good')).text(), 'page\n')
    const other = await get('other')
    assert.deepEqual([other.status, other.headers.get('location')], [302, '/login.html'])
  },
)

for (const [language, firstLine, skip] of [
  ['Python', '#!/usr/bin/env python3', missing('python3')],
  ['Perl', '#!/usr/bin/perl', missing('perl') || perlModuleMissing('CGI')],
] as const) {
  test(`send-files.md: the program in ${language}`, { skip }, async () => {
    using site = temporarySite({ 'files/2024/report.pdf': '%PDF-0123456789', 'site/index.html': 'x' })
    const files = join(site.root, 'files')
    site.add('site/cgi-bin/get', shown('send-files.md', firstLine).replaceAll('/srv/files', files))
    await using server = await startServer([
      join(site.root, 'site'),
      '--sendfile-root',
      files,
      '--accel',
      `/protected/=${files}`,
    ])
    const answer = await fetch(`${server.url}cgi-bin/get`, { headers: { Range: 'bytes=5-8' } })
    assert.equal(answer.status, 206)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/pdf/)
    assert.equal(await answer.text(), '0123')
  })
}

/** The module of a guide that exports this function, with its packages beside it. */
async function shownModule(guide: string, name: string, site: TemporarySite): Promise<Record<string, unknown>> {
  const text = readFileSync(join(guides, guide), 'utf8')
  const blocks = [...text.matchAll(/^```js\n([^]*?)^```/gm)].map((match) => match[1] ?? '')
  const [program, another] = blocks.filter(
    (block) => block.includes(`export function ${name}(`) || block.includes(`export async function ${name}(`),
  )
  assert.ok(program !== undefined && another === undefined, `${guide}: ${name}`)
  mkdirSync(join(site.root, 'node_modules'), { recursive: true })
  if (!existsSync(join(site.root, 'node_modules/postern'))) {
    symlinkSync(join(guides, '../..'), join(site.root, 'node_modules/postern'))
  }
  const module: Record<string, unknown> = await import(pathToFileURL(site.add(`${name}.mjs`, program)).href)
  return module
}

async function answerOf(module: Record<string, unknown>, name: string, request: Request): Promise<Response> {
  const handler = module[name]
  assert.ok(typeof handler === 'function')
  const answer: unknown = await handler(request)
  assert.ok(answer instanceof Response)
  return answer
}

test('forms.md: a form becomes a saved file, and what is wrong is told', async () => {
  using site = temporarySite({ 'photos/x': '' })
  const photos = join(site.root, 'photos')
  process.env['PHOTOS'] = photos
  const module = await shownModule('forms.md', 'upload', site)
  const upload = (photo: Blob | undefined): Promise<Response> => {
    const form = new FormData()
    form.append('title', 'Sea')
    if (photo !== undefined) form.append('photo', photo, '../sea.jpg')
    return answerOf(module, 'upload', new Request('http://localhost/', { method: 'POST', body: form }))
  }
  const said = await (await upload(new Blob(['12345']))).text()
  const id = /^Sea: 5 bytes, kept as ([0-9a-f-]{36})\n$/.exec(said)?.[1]
  assert.ok(id !== undefined, said)
  assert.equal(readFileSync(join(photos, id), 'utf8'), '12345')
  assert.equal((await upload(undefined)).status, 400)
  assert.equal((await upload(new Blob([new Uint8Array(5_000_001)]))).status, 413)
  assert.deepEqual(readdirSync(photos).sort(), [id, 'x'].sort())
})

test('forms.md: one part after the other, and cookies', async () => {
  using site = temporarySite()
  const form = new FormData()
  form.append('a', new Blob(['123']), 'x/y.txt')
  const counted = await answerOf(
    await shownModule('forms.md', 'countBytes', site),
    'countBytes',
    new Request('http://localhost/', { method: 'POST', body: form }),
  )
  assert.deepEqual(await counted.json(), { 'y.txt': 3 })
  const visited = await answerOf(
    await shownModule('forms.md', 'visit', site),
    'visit',
    new Request('http://localhost/', { headers: { Cookie: 'visits=2' } }),
  )
  assert.equal(await visited.text(), 'Visit 3.\n')
  assert.match(visited.headers.get('set-cookie') ?? '', /^visits=3; Path=\/; Max-Age=86400; Secure/)
})
