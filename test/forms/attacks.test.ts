// Attacks on readers of forms that were published with a number, each with its input.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as tick } from 'node:timers/promises'
import { cookies, FormError, formParts, readForm, type BodyWithType } from '../../src/forms.ts'
import { resolveFormLimits } from '../../src/forms/limits.ts'
import { UrlencodedDecoder } from '../../src/forms/urlencoded.ts'
import { boundary, head, multipart, multipartType, onePart, read, request, urlencodedType } from './bodies.ts'

async function* endless(first: string, again: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(first)
  for (const piece = Buffer.from(again.repeat(Math.ceil(65_536 / again.length))); ;) yield piece
}

/** A body without an end must be refused, at a bound. */
async function refusesEndless(first: string, again: string, expected: object, type = multipartType): Promise<void> {
  const body: BodyWithType = { contentType: type, body: endless(first, again) }
  await assert.rejects(readForm(body), expected)
}

/** What is more than linear takes minutes with these inputs. */
async function isQuick(body: BodyWithType): Promise<void> {
  const start = performance.now()
  await read(body).catch((error: unknown) => assert.ok(error instanceof FormError, String(error)))
  assert.ok(performance.now() - start < 10_000)
}

const start = `--${boundary}\r\n`

test('CVE-2022-24434, GHSA-wm7h-9275-46v2 (dicer): a head that begins with a space is a 400 and ends no process', async () => {
  const body = `--${boundary}\r\n Content-Disposition: form-data; name="bildbeschreibung"\r\n\r\n\r\n--${boundary}--`
  for (let cut = 1; cut < body.length; cut++) {
    await assert.rejects(read(request(body, multipartType, [cut])), { status: 400 })
  }
})

test('CVE-2025-61770 (Rack): a preamble without an end is a 400', () =>
  refusesEndless('', 'preamble\r\n', { status: 400 }))

test('CVE-2025-61770 (Rack): so is one that nearly is a boundary all the time', () =>
  refusesEndless('', `\r\n--${boundary.slice(0, -1)}`, { status: 400 }))

test('CVE-2025-61771 (Rack), CVE-2024-47874 (Starlette): a text without an end is a 413', () =>
  refusesEndless(`${start}${head('name="a"')}`, 'x', { limit: 'maxFieldBytes' }))

test('CVE-2025-61772 (Rack), CVE-2025-48976 (Commons FileUpload): the head of a part without an end is a 413', () =>
  refusesEndless(`${start}Content-Disposition: form-data; name="a"\r\n`, 'X: y\r\n', { limit: 'maxHeadBytes' }))

test('CVE-2025-48976: many large heads are bounded together', () =>
  refusesEndless('', `${start}${head('name="a"', `X: ${'x'.repeat(7000)}`)}\r\n`, { limit: 'maxFields' }))

test('CVE-2023-24998 (Commons FileUpload), CVE-2023-25577 (Werkzeug), CVE-2023-0662 (PHP): parts without an end are a 413', async () => {
  await refusesEndless('', `${start}${head('name="a"')}\r\n`, { limit: 'maxFields' })
  await refusesEndless('', `${start}${head('name="a"; filename="b"')}\r\n`, { limit: 'maxFiles' })
})

test('python/cpython#79047, CVE-2026-54283 (Starlette): urlencoded fields without an end are a 413, and so is one of them', async () => {
  await refusesEndless('', 'a=b&', { limit: 'maxFields' }, urlencodedType)
  await refusesEndless('', 'aaaa', { limit: 'maxFieldBytes' }, urlencodedType)
  await refusesEndless('', '&', { limit: 'maxFields' }, urlencodedType)
})

test('CVE-2023-46136 (Werkzeug): content that begins with CR or LF, or is nothing else, costs no more than its length in small pieces', async () => {
  for (const content of [
    `\r${'x'.repeat(1_999_999)}`,
    `\n${'x'.repeat(1_999_999)}`,
    '\r',
    '\r\n',
    '\r\n--',
    `\r\n--${boundary.slice(0, -1)}`,
  ]) {
    const body = multipart([{ name: 'a', filename: 'f', content: content.repeat(2_000_000 / content.length) }])
    await isQuick(
      request(
        body,
        multipartType,
        Array.from({ length: 2000 }, (_, index) => (index + 1) * 1000),
      ),
    )
  }
})

test('CVE-2026-34827 (Rack), fastify/busboy#72: a head of backslashes, quotes, semicolons or colons costs no more than its length', async () => {
  for (const filling of ['\\\\', '\\"', '"', ';', ' ', '=', '; a="b"', ':', '%22']) {
    const text = head(`name="a"; filename="${filling.repeat(8000 / filling.length - 10)}"`)
    await isQuick(request(Buffer.concat(Array.from({ length: 20 }, () => onePart(text))), multipartType))
    const type = `multipart/form-data; boundary="${filling.repeat(100_000)}`
    await isQuick(request('', type))
  }
})

test('CVE-2024-25126, CVE-2022-44572 (Rack): spaces in the middle of a field, a filename or a cookie cost no more than their length', async () => {
  const spaces = ' '.repeat(150_000)
  await isQuick(request('', `multipart/form-data; boundary=${boundary}${spaces}x`))
  const limits = { maxHeadBytes: 400_000, maxNameBytes: 400_000 }
  const quick = async (text: string): Promise<void> => {
    const begun = performance.now()
    const form = request(onePart(text), multipartType)
    await readForm(form, limits).catch((error: unknown) => assert.ok(error instanceof FormError, String(error)))
    assert.ok(performance.now() - begun < 10_000, text.slice(0, 80))
  }
  await quick(head(`name="a"; filename="b${spaces}c"`))
  await quick(head(`name="a"; filename="b${'.'.repeat(150_000)}c"`))
  await quick(head(`name="a"${spaces}x`))
  await quick(head('name="a"', `X:${spaces}\0`))
  const begun = performance.now()
  assert.equal(cookies({ headers: { cookie: `a=b${spaces}c; d=${spaces}` } }).get('a'), `b${spaces}c`)
  assert.ok(performance.now() - begun < 10_000, 'the cookies')
})

test('CWE-770: a text that comes byte by byte takes no more memory than some times its length', () => {
  const decoder = new UrlencodedDecoder(resolveFormLimits({}))
  const length = 1_000_000
  for (const _ of decoder.push(Buffer.from('a='))) assert.fail('too early')
  const byte = Buffer.from('x')
  const before = process.memoryUsage()
  for (let count = 0; count < length; count++) for (const _ of decoder.push(byte)) assert.fail('too early')
  const after = process.memoryUsage()
  const taken = after.heapUsed + after.external - before.heapUsed - before.external
  assert.ok(taken < 60 * length, `${taken} bytes`)
  assert.deepEqual(
    [...decoder.end()].map(({ value }) => value.length),
    [length],
  )
})

test('CVE-2026-26961 (Rack): two boundaries are a 400, whichever somebody else would take', async () => {
  const body = `--safe\r\n${head('name="a"')}v\r\n--safe--\r\n--evil\r\n${head('name="b"')}v\r\n--evil--`
  for (const parameters of [
    'boundary=safe; boundary=evil',
    'boundary=safe;BOUNDARY="evil"',
    'boundary=safe, boundary=evil',
  ]) {
    await assert.rejects(read(request(body, `multipart/form-data; ${parameters}`)), FormError, parameters)
  }
})

test('CVE-2018-16789 (Shell in a Box), GHSA-4phx-fcj6-46r4: a boundary that is empty or of 256 bytes is a 400', async () => {
  for (const bad of ['', '-'.repeat(256), 'x'.repeat(100_000)]) {
    await assert.rejects(read(request(`--${bad}\r\n`, `multipart/form-data; boundary="${bad}"`)), { status: 400 })
  }
})

test('CVE-2025-48997 (Multer): a field with an empty name is a field, with text or a file', async () => {
  const body = multipart([
    { name: '', content: 'v' },
    { name: '', filename: 'f', content: 'w' },
  ])
  assert.deepEqual(await read(request(body, multipartType)), [
    ['', 'v'],
    ['', 'f', 'application/octet-stream', 'w'],
  ])
})

test('CVE-2025-47944, CVE-2025-7338 (Multer), fastify/fastify-multipart#594: a body that ends in a part ends no process', async () => {
  const body = multipart([
    { name: 'a', filename: 'f', content: 'v'.repeat(100) },
    { name: 'b', filename: 'g', content: 'w'.repeat(100) },
  ])
  for (let length = 1; length < body.length - 2; length += 3) {
    const parts = formParts(request(body.subarray(0, length), multipartType))
    // Nobody listens while the error comes.
    await parts.next().catch((error: unknown) => assert.ok(error instanceof FormError))
    await tick()
    await assert.rejects(async () => {
      for await (const part of parts) void part
      throw new FormError('malformed', 400, 'it had failed before')
    }, FormError)
  }
})

test('fastify/busboy#228: an epilogue that comes later does not hold the form up', async () => {
  const form = multipart([{ name: 'a', content: 'v' }])
  const body = (async function* (): AsyncGenerator<Uint8Array> {
    yield form
    await tick()
    yield Buffer.from('epilogue')
    await tick()
    yield Buffer.from('more')
  })()
  assert.deepEqual(await read({ contentType: multipartType, body }), [['a', 'v']])
})

test('CVE-2026-53540 (python-multipart): a Content-Length that is none is not counted with', async () => {
  for (const length of ['-1', '1e9', '0x10', ' ']) {
    const headers = new Headers({ 'Content-Type': urlencodedType, 'Content-Length': length })
    const post = new Request('http://localhost/', { method: 'POST', headers, body: 'a=1' })
    assert.deepEqual(await read(post), [['a', '1']])
  }
})

test('postern/forms: the names __proto__ and constructor are names', async () => {
  await using form = await readForm(request('__proto__=1&constructor=2&a[__proto__]=3', urlencodedType))
  assert.deepEqual([form.get('__proto__'), form.get('constructor'), form.get('toString')], ['1', '2', undefined])
  assert.equal(Object.getPrototypeOf({}), Object.prototype)
})

test('deno#34586: a boundary in the middle of a line is content', async () => {
  const content = `before--${boundary}after\r\n --${boundary}--`
  assert.deepEqual(await read(request(multipart([{ name: 'a', content }]), multipartType)), [['a', content]])
})
