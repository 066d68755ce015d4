// What multipart/form-data means, wherever it is cut.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { FormError, formParts, readForm } from '../../src/forms.ts'
import { boundary, head, multipart, multipartType, onePart, read, request, type Part } from './bodies.ts'

/** Content that looks like a boundary, but is none. */
const treacherous = `x\r\n--boun\r\r\n-\r\n--\r\n--bound-y\r--${boundary}\n--${boundary}--\r\n`

const parts: readonly Part[] = [
  { name: 'a', content: treacherous },
  { name: '', content: '' },
  {
    name: 'photo',
    filename: 'C:\\x\\é.jpg',
    type: 'image/JPEG; x=y',
    content: Buffer.from('\r\n\xff\xd8\r\n--', 'latin1'),
  },
  { name: 'none', filename: '', type: 'application/octet-stream', content: '' },
  { name: 'a', content: 'ü' },
]
const whole = [
  ['a', treacherous],
  ['', ''],
  ['photo', 'C:\\x\\é.jpg', 'image/jpeg', '\r\n\xff\xd8\r\n--'],
  ['a', 'ü'],
]

function refused(kind: string, words: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof FormError, String(error))
    assert.equal(error.kind, kind)
    assert.match(error.message, words)
    return true
  }
}

test('RFC 7578 4: fields and files come in their order, and an input without a file is left out', async () => {
  assert.deepEqual(await read(request(multipart(parts), multipartType)), whole)
})

test('RFC 2046 5.1.1: a form cut at any byte is the same form', async () => {
  const body = multipart(parts)
  for (let cut = 1; cut < body.length; cut++) {
    assert.deepEqual(await read(request(body, multipartType, [cut])), whole, `cut at ${cut}`)
  }
})

test('RFC 2046 5.1.1: a form cut into pieces of any size is the same form', async () => {
  const body = multipart(parts)
  for (const size of [1, 2, 3, 5, 11, 64]) {
    const cuts = Array.from({ length: Math.floor(body.length / size) }, (_, index) => (index + 1) * size)
    assert.deepEqual(await read(request(body, multipartType, cuts)), whole, `pieces of ${size}`)
  }
})

test('RFC 2046 5.1.1: content with any bytes near a boundary, cut anywhere, is read as it is', async () => {
  const fragment = fc.constantFrom('\r', '\n', '-', '--', '\r\n', '\r\n--', 'bound', '-x', boundary, 'z', '\0')
  const content = fc
    .array(fragment, { maxLength: 12 })
    .map((fragments) => fragments.join(''))
    .filter((text) => !`\r\n${text}\r\n`.includes(`\r\n--${boundary}`))
  await fc.assert(
    fc.asyncProperty(
      fc.array(content, { maxLength: 4 }),
      fc.array(fc.nat(500), { maxLength: 6 }),
      async (texts, at) => {
        const body = multipart(texts.map((text, index) => ({ name: `n${index}`, content: text })))
        const cuts = at.filter((cut) => cut < body.length).sort((one, other) => one - other)
        assert.deepEqual(
          await read(request(body, multipartType, cuts)),
          texts.map((text, index) => [`n${index}`, text]),
        )
      },
    ),
    { numRuns: 200, interruptAfterTimeLimit: 5000 },
  )
})

test('Fetch, multipart/form-data: what the platform writes is read as Request.formData() reads it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.string({ maxLength: 20 })), {
        minLength: 1,
        maxLength: 4,
      }),
      async (entries) => {
        const form = new FormData()
        for (const [name, value] of entries) form.append(name, value)
        const make = (): Request => new Request('http://localhost/', { method: 'POST', body: form })
        assert.deepEqual(await read(make()), [...(await make().formData())])
      },
    ),
    { numRuns: 200, interruptAfterTimeLimit: 5000 },
  )
})

test('Fetch, multipart/form-data: bytes that are no UTF-8 become U+FFFD, and a byte order mark stays', async () => {
  const body = onePart(head('name="\xff\xc3\xbc"'), '\xef\xbb\xbf\xfe')
  assert.deepEqual(await read(request(body, multipartType)), [['\uFFFDü', '\uFEFF\uFFFD']])
  const windows = { charset: 'windows-1252' }
  assert.deepEqual(await read(request(onePart(head('name="\xfc"'), '\x80'), multipartType), windows), [['ü', '€']])
  await assert.rejects(readForm(request(body, multipartType), { charset: 'utf-9' }), /no encoding is called "utf-9"/)
})

test('RFC 7578 4.6, 5.1.2: what the client says of an encoding is not believed', async () => {
  const body = multipart([
    { name: '_charset_', content: 'utf-16le' },
    { name: 'a', type: 'text/plain; charset=utf-16le', content: 'ab' },
  ])
  assert.deepEqual(await read(request(body, multipartType)), [
    ['_charset_', 'utf-16le'],
    ['a', 'ab'],
  ])
})

test('RFC 7578 4.2: quotation marks in names are read from browsers (%22) and from older clients (backslash)', async () => {
  const names: readonly (readonly [string, string])[] = [
    ['name="a%22b%0D%0Ac%25"', 'a"b\r\nc%25'],
    ['name="a\\"b"', 'a"b'],
    ['name="a\\b\\\\c"', 'a\\b\\\\c'],
    ['name="a\\"; x="y"', 'a\\'],
    ['name="ends\\"', 'ends\\'],
    ['name=plain', 'plain'],
    ['filename*=UTF-8\'\'evil; filename="x"; name="n"', 'n'],
  ]
  for (const [disposition, name] of names) {
    await using form = await readForm(request(onePart(head(disposition)), multipartType))
    assert.deepEqual(
      [...form].map(([key]) => key),
      [name],
      disposition,
    )
  }
})

test('RFC 7578 4.2: a head that says two things, or nothing, is refused', async () => {
  const heads: readonly (readonly [string, RegExp])[] = [
    [head('name="a"; name="b"'), /Content-Disposition/],
    [head('name="a"; filename="b"; FILENAME="c"'), /Content-Disposition/],
    [head('name="a"', 'content-disposition: form-data; name="b"'), /twice/],
    [head('name="a"; filename*=UTF-8\'\'b'), /filename\*/],
    [head('filename="b"'), /no name/],
    ['Content-Disposition: attachment; name="a"\r\n\r\n', /Content-Disposition/],
    ['Content-Type: text/plain\r\n\r\n', /Content-Disposition/],
    ['\r\n', /header field|Content-Disposition/],
    [head('name="a'), /Content-Disposition/],
    [head('name="a" b'), /Content-Disposition/],
    [head('name="a"', 'Content-Transfer-Encoding: base64'), /7578 4\.7/],
    [head('name="a\nb"'), /header field/],
    [head('name="a\rb"'), /header field/],
    [head('name="a\0b"'), /header field/],
    [head('name="a"', ' folded: yes'), /header field/],
  ]
  for (const [text, words] of heads) {
    await assert.rejects(
      readForm(request(onePart(text), multipartType)),
      refused('malformed', words),
      JSON.stringify(text),
    )
  }
})

test('RFC 2046 5.1.1: spaces may follow a boundary; preamble and epilogue are passed over', async () => {
  const text = `${head('name="a"')}v\r\n`
  const bodies = [
    `--${boundary} \t\r\n${text}--${boundary}-- \t\r\nepilogue\r\n--${boundary}\r\n${text}`,
    `preamble\r\n--${boundary}\r\n${text}--${boundary}--`,
    `\r\n--${boundary}\r\n${text}--${boundary}--`,
    `x--${boundary}\r\n--${boundary}\r\n${text}--${boundary}--`,
  ]
  for (const body of bodies) {
    for (let cut = 1; cut < body.length; cut++) {
      assert.deepEqual(await read(request(body, multipartType, [cut])), [['a', 'v']], JSON.stringify([body, cut]))
    }
  }
  assert.deepEqual(await read(request(`--${boundary}--\r\n`, multipartType)), [])
})

test('RFC 2046 5.1.1: a form that is not whole, or whose lines look like its boundary, is refused', async () => {
  const complete = multipart([{ name: 'a', filename: 'f', content: 'v' }])
  const closed = complete.length - 2
  for (let length = 0; length < closed; length++) {
    await assert.rejects(
      read(request(complete.subarray(0, length), multipartType)),
      refused('malformed', /boundary/),
      `${length}`,
    )
  }
  const text = `${head('name="a"')}v\r\n`
  for (const body of [
    `--${boundary}junk\r\n${text}--${boundary}--`,
    `--${boundary}\r\n${text}--${boundary}-\r\n--${boundary}--`,
    `--${boundary}\n${text}--${boundary}--`,
    'hello',
  ]) {
    await assert.rejects(read(request(body, multipartType)), refused('malformed', /boundary/), JSON.stringify(body))
  }
})

test('RFC 2046 5.1.1: a boundary has 1 to 70 characters of those that are allowed', async () => {
  for (const good of ['x', 'x'.repeat(70), "a'()+_,-./:=?b", 'a b', '----=_Part_1']) {
    const body = `--${good}\r\n${head('name="a"')}v\r\n--${good}--`
    assert.deepEqual(
      await read(request(body, `multipart/form-data; charset=utf-8; boundary="${good}"`)),
      [['a', 'v']],
      good,
    )
  }
  for (const bad of ['""', `"${'x'.repeat(71)}"`, '"a "', '"a\\\\b"', '"ü"', '', 'a b', '"a']) {
    await assert.rejects(read(request('', `multipart/form-data; boundary=${bad}`)), FormError, bad)
  }
  await assert.rejects(read(request('', 'multipart/form-data')), refused('malformed', /no boundary/))
})

test('formParts: a part that is not read, or read in part, is passed over', async () => {
  const content = 'x'.repeat(300_000)
  const body = multipart([
    { name: 'unread', filename: 'f', content },
    { name: 'begun', filename: 'f', content },
    { name: 'read', filename: 'f', content },
  ])
  const cuts = Array.from({ length: 20 }, (_, index) => index * 45_000 + 1)
  const seen: (readonly [string, number])[] = []
  for await (const part of formParts(request(body, multipartType, cuts))) {
    let length = 0
    if (part.name === 'begun') for await (const chunk of part.content) if ((length += chunk.length) > 0) break
    if (part.name === 'read') for await (const chunk of part.content) length += chunk.length
    seen.push([part.name, length])
  }
  assert.deepEqual(
    seen.map(([name]) => name),
    ['unread', 'begun', 'read'],
  )
  assert.equal(seen[2]?.[1], content.length)
})

test('formParts: leaving the loop ends the source, in the middle of a part too', async () => {
  for (const reads of [false, true]) {
    let isEnded = false
    const source = (async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from(`--${boundary}\r\n${head('name="a"; filename="f"')}`)
        for (;;) yield Buffer.alloc(65_536)
      } finally {
        isEnded = true
      }
    })()
    for await (const part of formParts({ contentType: multipartType, body: source })) {
      if (reads) for await (const chunk of part.content) if (chunk.length > 0) break
      break
    }
    await new Promise(setImmediate)
    assert.ok(isEnded)
  }
})

test('formParts: a slow reader slows the client down', async () => {
  let given = 0
  const source = (async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`--${boundary}\r\n${head('name="a"; filename="f"')}`)
    for (; given < 500; given++) yield Buffer.alloc(65_536)
    yield Buffer.from(`\r\n--${boundary}--`)
  })()
  let length = 0
  for await (const part of formParts({ contentType: multipartType, body: source })) {
    for await (const chunk of part.content) {
      length += chunk.length
      await new Promise(setImmediate)
      assert.ok(given * 65_536 - length < 1_000_000, `${given} pieces given, ${length} bytes read`)
    }
  }
  assert.equal(length, 500 * 65_536)
})
