// The lines between server and launcher (launchers/README.md).

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf } from '../../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import {
  encodeLauncherLine,
  LauncherReportDecoder,
  longestReportBytes,
  type LauncherReport,
} from '../../../src/protocol/launcher/lines.ts'
import { byteStrings, cut, cuts, piecesOf, runs } from '../arbitraries.ts'

function decode(parts: readonly Uint8Array[]): readonly LauncherReport[] {
  const decoder = new LauncherReportDecoder()
  return parts.flatMap((part) => decoder.push(part))
}

function outcome(parts: readonly Uint8Array[]): unknown {
  try {
    return decode(parts)
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error))
    return 'refused'
  }
}

const whole = [
  'hello python 3.11.2',
  'step load%20json 1500',
  'left a.b warns:%20%C3%A9%25',
  'ready',
  'forked 1 4711',
  'unforked 2 EAGAIN',
  'ended 4711 256 1500 9437184',
  'learned json email.message',
  'stale /usr/lib/python3/x%20y.py',
  '',
].join('\n')

const reports: readonly LauncherReport[] = [
  { kind: 'hello', language: 'python', version: '3.11.2' },
  { kind: 'step', name: 'load json', ms: 1.5 },
  { kind: 'left', module: 'a.b', reason: 'warns: \xc3\xa9%' },
  { kind: 'ready' },
  { kind: 'forked', id: 1, pid: 4711 },
  { kind: 'unforked', id: 2, code: 'EAGAIN' },
  { kind: 'ended', pid: 4711, status: 256, cpuMs: 1.5, maxRssBytes: 9437184 },
  { kind: 'learned', modules: ['json', 'email.message'] },
  { kind: 'stale', file: '/usr/lib/python3/x y.py' },
]

test('launcher lines: reports that are cut at any byte are the same reports', () => {
  const bytes = bytesOf(whole)
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(decode([bytes.subarray(0, at), bytes.subarray(at)]), reports)
  }
})

test('launcher lines: a report is told when its line has ended, and not before', () => {
  const decoder = new LauncherReportDecoder()
  assert.deepEqual(decoder.push(bytesOf('forked 1 23')), [])
  assert.deepEqual(decoder.push(bytesOf('4\nrea')), [{ kind: 'forked', id: 1, pid: 234 }])
  assert.deepEqual(decoder.push(bytesOf('dy\n')), [{ kind: 'ready' }])
})

test('launcher lines: a word of any bytes comes back unchanged', () => {
  const words = fc.array(byteStrings(), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(words, cuts, (modules, at) => {
      const line = byteStringOf(encodeLauncherLine(['learned', ...modules]))
      assert.match(line, /^[!-~]+( [!-~]*)*\n$/)
      assert.deepEqual(decode(cut(line, at)), [{ kind: 'learned', modules }])
    }),
    runs,
  )
})

test('launcher lines: garbage is refused or read the same, wherever it is cut', () => {
  const pieces = ['forked', 'ended', 'ready', 'hello', ' ', ' ', '1', '-1', '99999999999999999', '\n', '%', '%4', '\0']
  fc.assert(
    fc.property(piecesOf(pieces, 20), cuts, (text, at) => {
      assert.deepEqual(outcome(cut(text, at)), outcome([bytesOf(text)]))
    }),
    runs,
  )
})

for (const line of [
  '',
  'nothing',
  'forked',
  'forked 1',
  'forked 1 2 3',
  'forked one 2',
  'forked 1 -2',
  'forked 1 9999999999999999',
  'ended 1 2 3',
  'ended 1 2 3 4.5',
  'unforked x EAGAIN',
  'step x',
  'READY',
  ' ready',
]) {
  test(`launcher lines: no report: ${JSON.stringify(line)}`, () => {
    assert.equal(outcome([bytesOf(`${line}\n`)]), 'refused')
  })
}

test('launcher lines: a line without an end is refused before it fills the memory', () => {
  const decoder = new LauncherReportDecoder()
  const part = bytesOf('x'.repeat(64 * 1024))
  assert.throws(() => {
    for (let length = 0; length <= longestReportBytes; length += part.length) decoder.push(part)
  }, ProtocolError)
})
