// What application/x-www-form-urlencoded means, wherever it is cut.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { FormError, readForm } from '../../src/forms.ts'
import { multipartType, read, request, urlencodedType } from './bodies.ts'

const fragments = [
  '&',
  '=',
  '+',
  '%',
  '%2',
  '%26',
  '%3d',
  '%FF',
  '%C3%BC',
  'ü',
  'a',
  ' ',
  '%zz',
  '\0',
  '%EF%BB%BF',
  '\u{1F600}',
]

test('URL 5.1 application/x-www-form-urlencoded parsing: any body, cut anywhere, is what URLSearchParams reads', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.array(fc.constantFrom(...fragments), { maxLength: 30 }).map((list) => list.join('')),
        fc.string({ maxLength: 30 }),
      ),
      fc.array(fc.nat(60), { maxLength: 5 }),
      async (text, at) => {
        const cuts = at.filter((cut) => cut < Buffer.byteLength(text)).sort((one, other) => one - other)
        // Its constructor takes a question mark away, which is no part of a body; and Node reads a text with percent-encoded
        // bytes that are no UTF-8 beside letters beyond ASCII otherwise than the same bytes percent-encoded.
        const ascii = text.replace(/[^\x00-\x7f]+/g, (letters) => encodeURIComponent(letters))
        const expected = [...new URLSearchParams(`?${ascii}`)]
        assert.deepEqual(await read(request(text, urlencodedType, cuts)), expected)
      },
    ),
    { numRuns: 1000, interruptAfterTimeLimit: 5000 },
  )
})

test('URL 5.1: bytes that are no UTF-8 become U+FFFD, unless the page was in another encoding', async () => {
  const body = Buffer.from('\xfc=%80', 'latin1')
  assert.deepEqual(await read(request(body, urlencodedType)), [['\uFFFD', '\uFFFD']])
  assert.deepEqual(await read(request(body, urlencodedType), { charset: 'windows-1252' }), [['ü', '€']])
  const claimed = request('_charset_=utf-16le&a=ab', `${urlencodedType}; charset=utf-16le`)
  assert.deepEqual(await read(claimed), [
    ['_charset_', 'utf-16le'],
    ['a', 'ab'],
  ])
})

test('postern/forms: get, getAll, has and iteration', async () => {
  await using form = await readForm(request('a=1&b=2&a=3', urlencodedType))
  assert.deepEqual([form.get('a'), form.get('c'), form.getAll('a'), form.getAll('c')], ['1', undefined, ['1', '3'], []])
  assert.deepEqual([form.has('b'), form.has('c'), form.files(), form.file('a')], [true, false, [], undefined])
  assert.deepEqual(
    [...form],
    [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ],
  )
})

test('postern/forms: what is no form is 415, with what forms are', async () => {
  for (const type of [
    'text/plain',
    'application/json',
    '',
    'multipart/mixed; boundary=x',
    'application/x-www-form-urlencodedx',
  ]) {
    await assert.rejects(readForm(request('a=1', type)), (error: unknown) => {
      assert.ok(error instanceof FormError)
      assert.deepEqual([error.kind, error.status], ['not-a-form', 415])
      assert.match(error.message, /multipart\/form-data/)
      return true
    })
  }
  await assert.rejects(readForm(new Request('http://localhost/')), { status: 415 })
  const compressed = {
    method: 'POST',
    headers: { 'Content-Type': urlencodedType, 'Content-Encoding': 'gzip' },
    body: 'x',
  }
  await assert.rejects(readForm(new Request('http://localhost/', compressed)), { status: 415 })
  for (const type of [urlencodedType.toUpperCase(), `${urlencodedType} ; charset=UTF-8`, `${urlencodedType};`]) {
    assert.deepEqual(await read(request('a=1', type)), [['a', '1']], type)
  }
})

test('postern/forms: a body that was read before is a TypeError that says so', async () => {
  const used = new Request('http://localhost/', {
    method: 'POST',
    headers: { 'Content-Type': urlencodedType },
    body: 'a=1',
  })
  await used.text()
  await assert.rejects(readForm(used), { name: 'TypeError', message: /read already/ })
})

test('postern/forms: an option that does not exist, or is no count, is a TypeError', async () => {
  for (const [name, value] of [
    ['maxFile', 1],
    ['maxFiles', -1],
    ['maxFiles', 1.5],
    ['maxFiles', Number.NaN],
  ] as const) {
    await assert.rejects(readForm(request('', multipartType), { [name]: value }), {
      name: 'TypeError',
      message: new RegExp(name),
    })
  }
})
