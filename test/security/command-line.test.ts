// Field notes 3.2: what a request can put on the command line of a script.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporarySite } from '../support/temporary-site.ts'
import { typed, visit, watch } from './support.ts'

const site = temporarySite({
  'cgi-bin/words': `#!/bin/sh\n${typed}echo "$# words"\nfor word in "$@"; do echo "<$word>"; done\n`,
})
process.on('exit', () => site[Symbol.dispose]())

const queries = [
  '-s',
  '-d+allow_url_include%3d1',
  'one+two',
  '%2ds',
  '+-s',
  'one+-s',
  '-',
  '--',
  '%AD-s',
  '%ADs',
  'one',
]

test('CVE-2012-1823, CVE-2012-2311: without searchWords no query becomes an argument', async () => {
  await using server = await watch(site.root)
  for (const query of queries) {
    assert.equal((await visit(server.url, `/cgi-bin/words?${query}`)).rest, '0 words\n', query)
  }
})

test('CVE-2012-1823, CVE-2012-2311: with searchWords a word that begins with "-" leaves no word at all', async () => {
  await using server = await watch(site.root, { searchWords: true })
  for (const query of ['-s', '%2ds', '%2Ds', 'one+-s', '+-s', '-', '--', 'one+%2d']) {
    assert.equal((await visit(server.url, `/cgi-bin/words?${query}`)).rest, '0 words\n', query)
  }
})

test('CVE-2024-4577, CVE-2024-8926: with searchWords a word outside ASCII, or with a control character, leaves none', async () => {
  await using server = await watch(site.root, { searchWords: true })
  for (const query of ['%ADs', '%C2%ADs', '%E2%80%90s', 'one+%AD', '%00', 'a%0ab', '%zz', 'one+%', '%7f']) {
    assert.equal((await visit(server.url, `/cgi-bin/words?${query}`)).rest, '0 words\n', query)
  }
})

test('RFC 3875 4.4: with searchWords the words are arguments as they are; a shell never sees them', async () => {
  await using server = await watch(site.root, { searchWords: true })
  const answer = await visit(server.url, '/cgi-bin/words?one+t%20wo+%24(id)+;ls+%2a+%27+%22+|cat+`id`+%5c')
  assert.equal(answer.rest, '10 words\n<one>\n<t wo>\n<$(id)>\n<;ls>\n<*>\n<\'>\n<">\n<|cat>\n<`id`>\n<\\>\n')
  assert.equal((await visit(server.url, '/cgi-bin/words?one=two+three')).rest, '0 words\n')
  assert.equal((await visit(server.url, '/cgi-bin/words?one%3dtwo')).rest, '1 words\n<one=two>\n')
})

test('RFC 3875 4.4: only GET and HEAD have words', async () => {
  await using server = await watch(site.root, { searchWords: true })
  for (const method of ['POST', 'PUT', 'DELETE']) {
    assert.equal((await visit(server.url, '/cgi-bin/words?one', { method, body: '' })).rest, '0 words\n', method)
  }
})

test('RFC 3875 4.4: more words than a command line holds are a clean failure', async () => {
  await using server = await watch(site.root, {
    searchWords: true,
    maxTarget: '200KiB',
    maxHeader: '300KiB',
    maxVariables: '1MiB',
  })
  const answer = await visit(server.url, `/cgi-bin/words?${'a+'.repeat(90_000)}a`)
  assert.ok([200, 502].includes(answer.status), answer.raw.slice(0, 200))
  assert.equal((await visit(server.url, '/cgi-bin/words')).rest, '0 words\n')
})

test('CVE-2019-0232, CVE-2024-27980: no shell is between the server and a script, whatever its name', async () => {
  const names = [
    'a;touch pwned',
    '$(touch pwned)',
    '`touch pwned`',
    'a|touch pwned',
    "a'b",
    'a"b',
    '-rf',
    '--help',
    'a b',
    'a&&touch pwned',
    '*',
  ]
  for (const name of names) site.add(`cgi-bin/${name}`, `#!/bin/sh\n${typed}echo "ran $0"\n`)
  await using server = await watch(site.root)
  for (const name of names) {
    const answer = await visit(server.url, `/cgi-bin/${encodeURIComponent(name)}`)
    assert.equal(answer.rest, `ran ${join(site.root, 'cgi-bin', name)}\n`)
  }
  assert.equal(existsSync(join(site.root, 'cgi-bin/pwned')), false)
})

test('CVE-2019-0232: a PATH_INFO or a query full of shell is data', async () => {
  site.add('cgi-bin/info', `#!/bin/sh\n${typed}printf '%s|%s\\n' "$PATH_INFO" "$QUERY_STRING"\n`)
  await using server = await watch(site.root)
  const answer = await visit(server.url, '/cgi-bin/info/$(touch%20pwned)/;id?`touch+pwned`&$(id)')
  assert.equal(answer.rest, '/$(touch pwned)/;id|`touch+pwned`&$(id)\n')
})
