// The message to a Node process that waits, and the lines that it says (launchers/README.md).

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import { encodeParkedRequest, ParkedReportDecoder } from '../../../src/protocol/launcher/parked-request.ts'

test('launchers, Node: the message is a length and fields joined by NUL, each character one byte', () => {
  const message = encodeParkedRequest({
    name: 'x.cjs',
    stdin: '/dev/null',
    path: '/s/x.cjs',
    cwd: '/s',
    words: ['one', ''],
    environment: ['A=\xe9', 'B='],
  })
  const fields = 'x.cjs\0/dev/null\0/s\0/s/x.cjs\x002\0one\0\0A=\xe9\0B='
  assert.equal(message.readUInt32LE(0), fields.length)
  assert.equal(message.subarray(4).toString('latin1'), fields)
})

test('launchers, Node: lines cut at any byte say the same', () => {
  const bytes = Buffer.from('r 1500 250\nn no such folder\ng\n')
  for (let cut = 0; cut <= bytes.length; cut++) {
    const decoder = new ParkedReportDecoder()
    assert.deepEqual(
      [...decoder.push(bytes.subarray(0, cut)), ...decoder.push(bytes.subarray(cut))],
      [{ kind: 'ready', cpuMs: 1.5, loadMs: 0.25 }, { kind: 'refused', reason: 'no such folder' }, { kind: 'taken' }],
    )
  }
})

for (const line of ['', 'r 1', 'r x y', 'gg', 'hello\n', 'x'.repeat(5000)]) {
  test(`launchers, Node: ${JSON.stringify(line.slice(0, 20))} is no report`, () => {
    const end = line.length > 4096 ? '' : '\n'
    assert.throws(() => new ParkedReportDecoder().push(Buffer.from(line + end)), ProtocolError)
  })
}
