// Bodies that come later, or not at all: Expect, a client that leaves, and the next request after an unread body.

import type { Cases } from '../case.ts'
import type { Stage } from '../stage.ts'

const section = 'PEP 3333 HTTP 1.1 Expect/Continue'

const expecting = (target: string, length: number): string =>
  `POST ${target} HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`

/** Waits for an interim answer, and then sends the body. */
function sendsAfter100(body: string) {
  return async ({ target, connect }: Stage): Promise<Record<string, string>> => {
    using connection = await connect()
    connection.send(expecting(target, body.length))
    const interim = await connection.until((text) => text.includes('\r\n\r\n'), 3_000)
    connection.send(body)
    const text = await connection.until((all) => all.includes(']'))
    return {
      interim: interim.startsWith('HTTP/1.1 100 ') ? '100' : interim.slice(0, 12),
      answer: text.includes(body.length < 10 ? `["${body}"]` : `["${body.length}"`) ? 'the body' : 'something else',
    }
  }
}

/** Sends a head alone. */
function sendsNothing(length: number) {
  return async ({ target, connect }: Stage): Promise<Record<string, string>> => {
    using connection = await connect()
    connection.send(expecting(target, length))
    const text = await connection.until((all) => all.includes('not read'), 3_000)
    return { answer: text.slice(0, 12) }
  }
}

/** Sends half of a body, and the rest when the application has said that it has it. */
async function sendsHalf({ target, connect, notes }: Stage): Promise<Record<string, string>> {
  using connection = await connect()
  const head = `POST ${target} HTTP/1.1\r\nHost: a.example\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n`
  connection.send(head + 'x'.repeat(100_000))
  const first = await notes('first part of 65536')
  connection.send('x'.repeat(100_000))
  const text = await connection.until((all) => all.includes(' read'))
  return { first, all: text.includes('200000 read') ? 'read' : text.slice(-100) }
}

/** Sends a request with a body, and then another one on the same connection. */
async function nextAfter(
  path: string,
  body: string,
  { connect }: Stage,
  framing: string = `Content-Length: ${body.length}`,
): Promise<Record<string, string>> {
  using connection = await connect()
  connection.send(`POST ${path} HTTP/1.1\r\nHost: a.example\r\n${framing}\r\n\r\n${body}`)
  const next = 'GET /connections/echo?next-is-fine HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n'
  await connection.until((text) => /not read|abc/.test(text))
  connection.send(next)
  const text = await connection.until((all) => all.includes('next-is-fine'))
  // RFC 9112 9.3: a server that does not read the rest closes; it never takes the rest for a request.
  const answers = text.split('HTTP/1.1 ').slice(1)
  const isSound = answers.length === 2 ? text.includes('next-is-fine') : answers.length === 1 && connection.hasEnded
  return {
    first: /not read|abc/.test(answers[0] ?? '') ? 'answered' : 'not answered',
    next: isSound ? 'sound' : text.slice(-200),
  }
}

export const expectations: Cases = {
  'inputs/expect': {
    title: `${section}; RFC 9110 10.1.1: 100 is sent when the application reads, and then the body comes`,
    story: sendsAfter100('hello'),
    expected: { interim: '100', answer: 'the body' },
  },
  'inputs/expect-unread': {
    title: 'Postern: no 100 is sent where the application answers without reading: the body is not wanted',
    story: sendsNothing(5),
    expected: { answer: 'HTTP/1.1 200' },
  },
  'inputs/expect-large': {
    title: `${section}; RFC 9110 10.1.1: 100 is sent for a large body when the application reads`,
    story: sendsAfter100('x'.repeat(1_000_000)),
    expected: { interim: '100', answer: 'the body' },
  },
  'inputs/expect-large-unread': {
    title: 'Postern: no 100 is sent for a large body that the application does not read',
    story: sendsNothing(1_000_000),
    expected: { answer: 'HTTP/1.1 200' },
  },
  'inputs: expect of HTTP/1.0': {
    title: 'RFC 9110 10.1.1: Expect of a client of HTTP/1.0 gets no 100',
    request: {
      target: '/inputs/read',
      version: 'HTTP/1.0',
      method: 'POST',
      fields: ['Content-Length: 5', 'Expect: 100-continue'],
      body: 'hello',
    },
    expected: { status: '200', 'interim answers': null, body: '["hello"]' },
  },
  'inputs/broken': {
    title: 'PEP 3333 Input and Error Streams: a body that breaks off never looks whole to the application',
    story: async ({ target, connect, notes, ask }) => {
      const recorded = async (): Promise<string> =>
        (await ask({ target: `/records/read?${target.slice(1)}` })).get('body') ?? '[]'
      let called = false
      {
        using connection = await connect()
        connection.send(`POST ${target} HTTP/1.1\r\nHost: a.example\r\nContent-Length: 200000\r\n\r\nhello`)
        // A server that reads bodies first never calls the application.
        for (let look = 0; look < 5 && !called; look++) {
          await new Promise((resolve) => setTimeout(resolve, 200))
          called = (await recorded()) !== '[]'
        }
      }
      return { notes: called ? await notes(/raised|whole|read/) : '' }
    },
    expected: { notes: /^$|^called$|^called, raised$/ },
  },
  'inputs: unread, then the next': {
    title: 'RFC 9112 9.3: a small body that was not read is not taken for the next request',
    story: (stage) => nextAfter('/inputs/unread', 'GET /evil HTTP/1.1\r\nHost: a.example\r\n\r\n', stage),
    expected: { first: 'answered', next: 'sound' },
  },
  'inputs: partly read, then the next': {
    title: 'RFC 9112 9.3: the rest of a body that was read in part is not taken for the next request',
    story: (stage) => nextAfter('/inputs/partly', 'abcGET /evil HTTP/1.1\r\nHost: a.example\r\n\r\n', stage),
    expected: { first: 'answered', next: 'sound' },
  },
  'inputs: chunked and unread, then the next': {
    title: 'RFC 9112 9.3: a chunked body that was not read is not taken for the next request',
    story: (stage) => {
      const evil = 'GET /evil HTTP/1.1\r\nHost: a.example\r\n\r\n'
      return nextAfter(
        '/inputs/unread',
        `${evil.length.toString(16)}\r\n${evil}\r\n0\r\n\r\n`,
        stage,
        'Transfer-Encoding: chunked',
      )
    },
    expected: { first: 'answered', next: 'sound' },
  },
  'inputs/by-parts': {
    title: 'Postern: an application reads the first part of a large body before the last one is sent',
    story: sendsHalf,
    expected: { first: 'first part of 65536', all: 'read' },
  },
  'inputs: large and unread, then the next': {
    title: 'RFC 9112 9.3: a large body that was not read is not taken for the next request',
    story: (stage) => nextAfter('/inputs/unread', 'GET /evil HTTP/1.1\r\n\r\n'.repeat(10_000), stage),
    expected: { first: 'answered', next: 'sound' },
  },
}
