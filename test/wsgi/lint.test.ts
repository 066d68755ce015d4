// `postern wsgi --lint`: each breach of PEP 3333 is told in the log with the file and line where it was committed, and
// changes nothing else.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { missing } from '../support/real-parts.ts'
import { eventually } from '../support/server-process.ts'
import { ask } from '../peers/client.ts'
import { cases } from './cases.ts'
import { Outcome } from './outcome.ts'
import { Fleet } from './servers/fleet.ts'
import { startPostern } from './servers/postern.ts'
import { applications, settings, type WsgiServer } from './servers/server.ts'

const skip = missing('python3')
const file = join(applications, 'breaches.py')
const lines = readFileSync(file, 'utf8').split('\n')
/** Where Python cannot say the line of a breach, it is the application's first. */
const application = lines.findIndex((line) => line.includes('# here: application')) + 1

const breaches: Readonly<Record<string, readonly [rule: string, words: string]>> = {
  status_without_reason: ['The start_response() Callable: a status without a reason', 'the status has no reason'],
  status_is_wrong: ['The start_response() Callable: a status that is none', 'the status must be like'],
  headers_are_a_tuple: [
    'The start_response() Callable: headers that are no list',
    'the headers must be a list, not tuple',
  ],
  header_is_a_list: ['The start_response() Callable: a header that is no tuple', 'each header must be a tuple'],
  header_is_a_number: [
    'A Note On String Types: a header that is no str',
    'the name and the value of a header must be str',
  ],
  header_is_split: ['The start_response() Callable: a line end in a header', 'holds a control character'],
  header_is_wide: ['Unicode Issues: a character above FF', 'holds what is no character of latin-1'],
  hop_by_hop: ['Other HTTP Features: a header of the connection', 'the header Connection is hop-by-hop'],
  status_as_header: ['The start_response() Callable: the header Status', 'the header Status is CGI, not WSGI'],
  untyped: ['The start_response() Callable: no Content-Type', 'there is no Content-Type'],
  typed_without_body: ['The start_response() Callable: Content-Type with 204', 'Content-Type with 204 No Content'],
  by_keyword: ['The start_response() Callable: arguments by name', 'start_response() takes positional arguments'],
  twice: ['The start_response() Callable: a second call', 'was called a second time, without exc_info'],
  never: ['The start_response() Callable: no call', 'before start_response() was called'],
  never_by_generator: ['The start_response() Callable: no call before a chunk', 'before start_response() was called'],
  yields_text: ['A Note On String Types: a chunk of str', 'the application must yield bytes'],
  returns_text: ['Specification Details: a str is returned', 'a str was returned'],
  returns_bytes: ['Specification Details: bytes are returned', 'a bytes was returned'],
  returns_none: ['Specification Details: None is returned', 'what was returned is no iterable: None'],
  writes_text: ['The write() Callable: write() of a str', 'write() takes bytes, not str'],
  too_short: ['Handling the Content-Length Header: too few bytes', 'Content-Length is 9, but the body has 5 bytes'],
  too_long: ['Handling the Content-Length Header: too many bytes', 'Content-Length is 3, but the body has 5 bytes'],
  reads_text: ['Input and Error Streams: read() of no number', 'wsgi.input.read() takes one number'],
  closes_input: [
    'Input and Error Streams: close() of wsgi.input',
    'wsgi.input.close() is not for an application to call',
  ],
  reads_for_ever: ['Input and Error Streams: reading on at the end', 'wsgi.input is read again and again'],
  closes_errors: [
    'Input and Error Streams: close() of wsgi.errors',
    'wsgi.errors.close() is not for an application to call',
  ],
  logs_bytes: ['Input and Error Streams: write() of bytes to wsgi.errors', 'wsgi.errors.write() takes a str'],
  environ_value: ['environ Variables: a variable that is no str', 'the value of SERVER_PORT in environ must be a str'],
  environ_missing: ['environ Variables: one that is needed is removed', 'removed wsgi.input from environ'],
}

const fleet = new Fleet((of) => startPostern(of, ['--lint']))
const outcome = new Outcome('postern', fleet)
let server: Promise<WsgiServer> | undefined

after(async () => {
  await fleet[Symbol.asyncDispose]()
  await (await server)?.[Symbol.asyncDispose]()
})

function breaching(): Promise<WsgiServer> {
  server ??= startPostern(settings.threads, ['--lint'], 'breaches:application')
  return server
}

for (const [name, [rule, words]] of Object.entries(breaches)) {
  test(`PEP 3333 ${rule}: --lint tells it with file and line`, { skip }, async () => {
    const running = await breaching()
    await ask(running.url, { target: `/${name}` })
    const place = `(${file}:${lineOf(name)})`
    const isTold = (line: string): boolean =>
      line.includes('PEP 3333: ') && line.includes(words) && line.includes(place)
    assert.ok(
      await eventually(() => told(running).some(isTold), 5_000),
      `${place} ${words}:\n${told(running).slice(-3).join('\n')}`,
    )
  })
}

test('Postern: --lint has nothing to say of an application without a breach', { skip }, async () => {
  await using quiet = await startPostern(settings.threads, ['--lint'], 'breaches:application')
  const { body } = await ask(quiet.url, { target: '/none_at_all' })
  assert.equal(body, 'hello')
  assert.ok(await eventually(() => quiet.log().includes('no breach'), 5_000))
  assert.doesNotMatch(quiet.log(), /PEP 3333/)
})

test('Postern: without --lint breaches are not looked for', { skip }, async () => {
  await using plain = await startPostern(settings.threads, [], 'breaches:application')
  const { body } = await ask(plain.url, { target: '/closes_errors' })
  assert.equal(body, 'hello')
  assert.doesNotMatch(plain.log(), /PEP 3333/)
})

for (const [name, item] of Object.entries(cases)) {
  test(`${item.title}, also with --lint`, { skip }, async () => {
    assert.deepEqual(await outcome.unlisted(name, item), [])
  })
}

function told(running: WsgiServer): readonly string[] {
  return running
    .log()
    .split('\n')
    .filter((line) => line.includes('PEP 3333: '))
}

/** The line of the function that says `# here`. */
function lineOf(name: string): number {
  const start = lines.findIndex((line) => line.startsWith(`def ${name}(`))
  const end = lines.findIndex((line, at) => at > start && line.startsWith('def '))
  const marked = lines.findIndex((line, at) => at > start && (end === -1 || at < end) && line.includes('# here'))
  return marked === -1 ? application : marked + 1
}
