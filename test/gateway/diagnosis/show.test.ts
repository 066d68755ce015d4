import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { modeText, octal, openAt, shellWord, visible, visibleLines } from '../../../src/gateway/diagnosis/show.ts'
import { missing } from '../../support/real-parts.ts'

test('CVE-2009-4487: control characters of both sets are written out', () => {
  assert.equal(visible('a\x1b[31m\r\n\t\x9b\x7f'), 'a\\x1b[31m\\r\\n\\t\\x9b\\x7f')
})

test('CVE-2021-42574: characters that turn the direction of text are written out', () => {
  assert.equal(visible('a\u202eb\u2066\u200f'), 'a\\u202eb\\u2066\\u200f')
})

test('text that is harmless stays as it is, and a long one is cut', () => {
  assert.equal(visible('Grüße, 世界 🎉'), 'Grüße, 世界 🎉')
  assert.equal(visible('x'.repeat(200), 10), 'xxxxxxxxxx…')
})

test('of many lines, the line ends and tabs stay', () => {
  assert.equal(visibleLines('a\n\tb\r\n\x07'), 'a\n\tb\\r\n\\x07')
})

test('a path is one word of a shell command, whatever is in it', () => {
  assert.equal(shellWord('/srv/a-b_c.cgi'), '/srv/a-b_c.cgi')
  assert.equal(shellWord("/srv/it's; rm"), "'/srv/it'\\''s; rm'")
  assert.equal(shellWord('/srv/\xff\n'), String.raw`$'/srv/\xff\x0a'`)
  assert.equal(shellWord('-rf'), "'-rf'")
})

test('bash reads back every path of bytes that shellWord wrote', { skip: missing('bash') }, () => {
  const path = fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte > 0)).toString('latin1'))
  const paths = fc.sample(path, 100)
  const script = paths.map((one) => `printf '%s\\0' ${one === '' ? "''" : shellWord(one)}`).join('\n')
  const read = execFileSync('bash', ['-c', script], { env: { LC_ALL: 'C' } })
    .toString('latin1')
    .split('\0')
    .slice(0, -1)
  assert.deepEqual(read, paths)
})

test('a place in a file is a command for the editor', () => {
  assert.equal(openAt('/srv/a b.py', '3'), "Open it there: `${EDITOR:-vi} +3 '/srv/a b.py'`.")
})

test('a mode as ls writes it, and as chmod takes it', () => {
  assert.equal(modeText(0o100754), 'rwxr-xr--')
  assert.equal(octal(0o104755), '4755')
})
