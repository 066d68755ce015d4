// Every limit lets pass what is at it, and refuses one more, with words that name it.

import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { test } from 'node:test'
import {
  FormError,
  formParts,
  readForm,
  type BodyWithType,
  type FormLimitName,
  type FormOptions,
} from '../../src/forms.ts'
import { formLimitNames, formLimits } from '../../src/forms/limits.ts'
import { temporarySite } from '../support/temporary-site.ts'
import {
  boundary,
  formFolders,
  head,
  multipart,
  multipartType,
  onePart,
  read,
  request,
  urlencodedType,
} from './bodies.ts'

async function bounded(limit: FormLimitName, make: (size: number) => BodyWithType): Promise<void> {
  const options: FormOptions = { [limit]: 40 }
  await read(make(40), options)
  await assert.rejects(read(make(41), options), (error: unknown) => {
    assert.ok(error instanceof FormError)
    assert.deepEqual([error.kind, error.status, error.limit], ['limit', 413, limit])
    assert.match(error.message, new RegExp(`more than 40 .*${limit}`))
    return true
  })
  if (limit === 'maxTextBytes') return
  const partByPart = async (size: number): Promise<void> => {
    for await (const part of formParts(make(size), options)) void part
  }
  await partByPart(40)
  await assert.rejects(partByPart(41), { limit })
}

const fields = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `n${index}`, content: 'v' }))
const files = (count: number) => fields(count).map((part) => ({ ...part, filename: 'f' }))

const cases: readonly (readonly [FormLimitName, string, (size: number) => BodyWithType])[] = [
  ['maxFields', 'multipart', (size) => request(multipart(fields(size)), multipartType)],
  ['maxFields', 'urlencoded', (size) => request('a=b&'.repeat(size), urlencodedType)],
  ['maxFields', 'urlencoded, empty ones', (size) => request('&'.repeat(size), urlencodedType)],
  ['maxFiles', 'multipart', (size) => request(multipart(files(size)), multipartType)],
  [
    'maxFieldBytes',
    'multipart',
    (size) => request(multipart([{ name: 'a', content: 'v'.repeat(size) }]), multipartType),
  ],
  ['maxFieldBytes', 'urlencoded', (size) => request(`a=${'%41'.repeat(size)}`, urlencodedType)],
  [
    'maxFileBytes',
    'multipart',
    (size) => request(multipart([{ name: 'a', filename: 'f', content: 'v'.repeat(size) }]), multipartType),
  ],
  [
    'maxNameBytes',
    'multipart',
    (size) => request(multipart([{ name: 'n'.repeat(size), content: 'v' }]), multipartType),
  ],
  [
    'maxNameBytes',
    'the name of a file',
    (size) => request(multipart([{ name: 'n', filename: 'f'.repeat(size), content: 'v' }]), multipartType),
  ],
  ['maxNameBytes', 'urlencoded', (size) => request(`${'n'.repeat(size)}=`, urlencodedType)],
  [
    'maxTextBytes',
    'multipart',
    (size) =>
      request(
        multipart([
          { name: 'nn', content: 'v'.repeat(18) },
          { name: 'f', filename: 'ff', content: 'x'.repeat(50) },
          { name: 'm', content: 'v'.repeat(size - 24) },
        ]),
        multipartType,
      ),
  ],
  ['maxTextBytes', 'urlencoded', (size) => request(`a=${'v'.repeat(20)}&b=${'v'.repeat(size - 22)}`, urlencodedType)],
  ['maxBodyBytes', 'urlencoded', (size) => request(`a=${'v'.repeat(size - 2)}`, urlencodedType)],
  ['maxBodyBytes', 'urlencoded, without a field', (size) => request('&'.repeat(size), urlencodedType)],
]

for (const [limit, what, make] of cases) {
  test(`postern/forms: ${limit}, ${what}: at it all is well, one more is 413`, () => bounded(limit, make))
}

test('postern/forms: maxHeadBytes: at it all is well, one more is 413, before the head has an end', async () => {
  const text = head('name="a"', `X: ${'x'.repeat(50)}`)
  const maxHeadBytes = text.length - 4
  const body = onePart(text)
  for (let cut = 1; cut < body.length; cut++) {
    assert.deepEqual(await read(request(body, multipartType, [cut]), { maxHeadBytes }), [['a', 'v']])
    await assert.rejects(read(request(body, multipartType, [cut]), { maxHeadBytes: maxHeadBytes - 1 }), {
      limit: 'maxHeadBytes',
    })
  }
  const endless = (async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`--${boundary}\r\n`)
    for (;;) yield Buffer.from('X-A: b\r\n')
  })()
  await assert.rejects(readForm({ contentType: multipartType, body: endless }), { limit: 'maxHeadBytes' })
})

test('postern/forms: maxBodyBytes, multipart: all that is sent counts, and an announced length before it comes', async () => {
  const body = multipart([{ name: 'a', content: 'v' }])
  assert.deepEqual(await read(request(body, multipartType), { maxBodyBytes: body.length }), [['a', 'v']])
  await assert.rejects(read(request(body, multipartType), { maxBodyBytes: body.length - 1 }), { limit: 'maxBodyBytes' })
  let isRead = false
  const stream = new ReadableStream(
    {
      pull() {
        isRead = true
      },
    },
    { highWaterMark: 0 },
  )
  const announced = new Request('http://localhost/', {
    method: 'POST',
    headers: { 'Content-Type': multipartType, 'Content-Length': '1000' },
    body: stream,
    duplex: 'half',
  })
  await assert.rejects(readForm(announced, { maxBodyBytes: 999 }), { limit: 'maxBodyBytes' })
  assert.equal(isRead, false)
})

test('postern/forms: preamble and epilogue have a bound', async () => {
  const most = 8 * 1024
  const form = `--${boundary}\r\n${head('name="a"')}v\r\n--${boundary}--`
  assert.deepEqual(await read(request(`${'p'.repeat(most)}\r\n${form}${'e'.repeat(most)}`, multipartType)), [
    ['a', 'v'],
  ])
  await assert.rejects(read(request(`${'p'.repeat(most + 1)}\r\n${form}`, multipartType)), {
    status: 400,
    message: /8192/,
  })
  await assert.rejects(read(request(`${form}${'e'.repeat(most + 1)}`, multipartType)), { status: 400, message: /8192/ })
})

test('postern/forms: Infinity is no limit, and every limit has a default', async () => {
  const none = Object.fromEntries(formLimitNames.map((name) => [name, Number.POSITIVE_INFINITY]))
  const body = multipart(files(30))
  assert.equal((await read(request(body, multipartType), none)).length, 30)
  await assert.rejects(read(request(body, multipartType)), { limit: 'maxFiles' })
  assert.deepEqual(Object.keys(formLimits).sort(), [...formLimitNames].sort())
})

test('postern/forms: after a limit nothing is left on the disk', async () => {
  using site = temporarySite()
  mkdirSync(`${site.root}/forms`)
  const folder = `${site.root}/forms`
  const body = multipart([...files(3), { name: 'late', filename: 'f', content: 'v'.repeat(1000) }])
  await assert.rejects(readForm(request(body, multipartType, [100, 200, 300]), { folder, maxFileBytes: 999 }), {
    limit: 'maxFileBytes',
  })
  assert.deepEqual(formFolders(folder), [])
})

test('FormError.toResponse: its status, the limit in plain words, and nothing that the client or the machine said', async () => {
  const error = await readForm(request('secret=1&b=2', urlencodedType), { maxFields: 1 }).catch(
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof FormError)
  const response = error.toResponse()
  assert.deepEqual([response.status, response.headers.get('content-type')], [413, 'text/plain; charset=utf-8'])
  assert.equal(await response.text(), 'The form is too large: it has more than 1 fields of text.\n')
})
