// launchers/wsgi/README.md, "Frames": what a worker says, however it is cut, and what is no frame.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf, type ByteString } from '../../../src/bytes/byte-string.ts'
import {
  encodePartHeader,
  encodeRequest,
  encodeWorkerFrame,
  WorkerFrameDecoder,
  type WorkerFrame,
} from '../../../src/protocol/application/frames.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import { byteStrings, cutBytes, cuts, oneByOne, runs } from '../arbitraries.ts'

const hello = { pid: 12, thread: '0x00007f0000000001', language: 'Python 3.11.2' }

/** Frames as the worker writes them, beside what they say. */
const said: readonly (readonly [kind: string, content: ByteString, means: unknown])[] = [
  ['H', JSON.stringify(hello), { kind: 'hello', hello: { ...hello, preload: false } }],
  ['H', '{"pid":1,"preload":true}', { kind: 'hello', hello: { pid: 1, thread: '', language: '', preload: true } }],
  ['F', '["/a.py",1,"/b.py"]', { kind: 'files', paths: ['/a.py', '/b.py'] }],
  ['R', '', { kind: 'wants-body' }],
  ['D', '', { kind: 'all-sent' }],
  ['E', 'a line\n', { kind: 'diagnostics', text: 'a line\n' }],
  ['E', '', { kind: 'diagnostics', text: '' }],
  ['Z', '0', { kind: 'end', how: 'whole', exception: undefined }],
  ['Z', '1{"exception":"ValueError: x"}', { kind: 'end', how: 'raised', exception: 'ValueError: x' }],
  ['Z', '2{}', { kind: 'end', how: 'raised-late', exception: undefined }],
  ['P', '{"pid":3}', { kind: 'forked', pid: 3, error: undefined }],
  ['P', '{"error":"EAGAIN"}', { kind: 'forked', pid: undefined, error: 'EAGAIN' }],
  [
    'G',
    '{"pid":3,"status":256,"cpuMicroseconds":1500,"maxRssBytes":9}',
    { kind: 'ended', worker: { pid: 3, status: 256, cpuMs: 1.5, maxRssBytes: 9 } },
  ],
]

/** Output in one piece, however it came; bytes as text. */
function told(frames: readonly WorkerFrame[]): readonly unknown[] {
  const all: unknown[] = []
  let output: { kind: 'output'; text: string } | undefined
  for (const frame of frames) {
    if (frame.kind === 'output') {
      if (frame.bytes.length === 0) continue
      if (output === undefined) all.push((output = { kind: 'output', text: '' }))
      output.text += byteStringOf(frame.bytes)
      continue
    }
    output = undefined
    all.push(frame.kind === 'diagnostics' ? { kind: frame.kind, text: byteStringOf(frame.bytes) } : frame)
  }
  return all
}

function decode(chunks: readonly Uint8Array[]): readonly WorkerFrame[] {
  const decoder = new WorkerFrameDecoder()
  return chunks.flatMap((chunk) => decoder.push(chunk))
}

test('frames: each kind, whole and byte by byte', () => {
  for (const [kind, content, means] of said) {
    const bytes = encodeWorkerFrame(kind, content)
    assert.deepEqual(told(decode([bytes])), [means], kind)
    assert.deepEqual(told(decode(oneByOne(bytes))), [means], kind)
  }
})

test('frames: several may come in one read, and one in several, cut anywhere', () => {
  const frame = fc.oneof(
    fc.constantFrom(...said),
    byteStrings(200).map((text): (typeof said)[number] => ['O', text, { kind: 'output', text }]),
  )
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), cuts, (frames, at) => {
      const bytes = Buffer.concat(frames.map(([kind, content]) => encodeWorkerFrame(kind, content)))
      const whole = told(decode([bytes]))
      assert.deepEqual(told(decode(cutBytes(bytes, at))), whole)
      assert.deepEqual(told(decode(oneByOne(bytes))), whole)
      const others = frames.flatMap(([kind, , means]) => (kind === 'O' ? [] : [means]))
      assert.deepEqual(
        whole.filter((each) => typeof each === 'object' && each !== null && !('text' in each && isOutput(each))),
        others,
      )
      const output = frames.flatMap(([kind, content]) => (kind === 'O' ? [content] : [])).join('')
      assert.equal(whole.flatMap((each) => (isOutput(each) ? [each.text] : [])).join(''), output)
    }),
    runs,
  )
})

function isOutput(each: unknown): each is { readonly kind: 'output'; readonly text: string } {
  return typeof each === 'object' && each !== null && 'kind' in each && each.kind === 'output'
}

test('frames: what has been told is not overwritten by what comes after it', () => {
  const decoder = new WorkerFrameDecoder()
  const bytes = encodeWorkerFrame('E', 'first')
  decoder.push(bytes.subarray(0, 7))
  const [frame] = decoder.push(bytes.subarray(7))
  decoder.push(encodeWorkerFrame('E', 'other').subarray(0, 9))
  decoder.push(encodeWorkerFrame('E', 'other').subarray(9))
  assert.ok(frame?.kind === 'diagnostics')
  assert.equal(byteStringOf(frame.bytes), 'first')
})

test('frames: what is none is refused, and throws nothing but ProtocolError', () => {
  const wrong: readonly ByteString[] = [
    'q\0\0\0\0',
    '\0\0\0\0\0',
    'Q\0\0\0\0',
    'B\0\0\0\0',
    'HTTP/1.1 200 OK\r\n\r\n',
    'O\0\x10\0\x01',
    'E\xff\xff\xff\xff',
    'Z\0\0\0\0',
    'Z\0\0\0\x013',
    'Z\0\0\0\x011',
    'H\0\0\0\0',
    'H\0\0\0\x02[]',
    'H\0\0\0\x02{}',
    'H\0\0\0\x04null',
    'F\0\0\0\x02{}',
    'P\0\0\0\x01x',
    'G\0\0\0\x09{"pid":1}',
    'G\0\0\0\x0a{"pid":"1"',
  ]
  for (const text of wrong) {
    assert.throws(() => decode([bytesOf(text)]), ProtocolError, JSON.stringify(text))
    assert.throws(() => decode(oneByOne(bytesOf(text))), ProtocolError, JSON.stringify(text))
  }
})

test('Security: nothing is held because a length says so; a frame of more than 1 MiB is refused by its length', () => {
  assert.deepEqual(decode([bytesOf('E\0\x10\0\0')]), [])
  assert.throws(() => decode([bytesOf('E\0\x10\0\x01')]), { name: 'ProtocolError', message: /1048577 bytes/ })
})

/** Refuses, or waits: nothing else is thrown. */
function decodeAnything(chunks: readonly Uint8Array[]): void {
  try {
    decode(chunks)
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error))
  }
}

test('frames: garbage is refused or waited with, and never anything else', () => {
  const likely = fc
    .tuple(fc.constantFrom('H', 'F', 'R', 'O', 'E', 'Z', 'P', 'G'), byteStrings(20), fc.nat(30))
    .map(([kind, content, length]) => `${kind}\0\0\0${String.fromCharCode(length)}${content}`)
  const garbage = fc.oneof(
    byteStrings(80),
    fc.array(likely, { maxLength: 4 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(garbage, cuts, (text, at) => {
      decodeAnything([bytesOf(text)])
      decodeAnything(cutBytes(bytesOf(text), at))
    }),
    runs,
  )
})

test('frames: a request is a byte for its body, then names and values, each ended by NUL', () => {
  const bytes = encodeRequest(
    new Map([
      ['A', 'b'],
      ['HTTP_X', '\xe9'],
    ]),
    'streamed',
  )
  assert.equal(byteStringOf(bytes), 'Q\0\0\0\x0e2A\0b\0HTTP_X\0\xe9\0')
  assert.equal(byteStringOf(encodeRequest(new Map(), 'none')), 'Q\0\0\0\x010')
  assert.equal(byteStringOf(encodePartHeader(0x01020304)), 'B\x01\x02\x03\x04')
})
