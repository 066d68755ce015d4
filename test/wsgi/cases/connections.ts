// Connections with more than one request, and the standard library's validator.

import type { Cases } from '../case.ts'
import type { Stage } from '../stage.ts'

const get = (target: string, ...fields: readonly string[]): string =>
  [`GET ${target} HTTP/1.1`, 'Host: a.example', ...fields, '', ''].join('\r\n')

/** What stands between the head of an answer that has no body and the next answer. */
async function between(method: string, target: string, { connect }: Stage): Promise<Record<string, string>> {
  using connection = await connect()
  connection.send(`${method} ${target} HTTP/1.1\r\nHost: a.example\r\n\r\n`)
  await connection.until((text) => text.includes('\r\n\r\n'))
  connection.send(get('/connections/echo?one-answer', 'Connection: close'))
  const text = await connection.until((all) => all.includes('one-answer'))
  const end = text.indexOf('\r\n\r\n') + 4
  const next = text.indexOf('HTTP/1.1 ', end)
  return { between: next === -1 ? 'no next answer' : text.slice(end, next) }
}

const bodies = (text: string): string => text.match(/(one|two|three)-answer/g)?.join(', ') ?? ''

export const connections: Cases = {
  'connections: kept': {
    title: 'RFC 9112 9.3: a connection is kept for the next request',
    story: async ({ connect }) => {
      using connection = await connect()
      connection.send(get('/connections/echo?one-answer'))
      await connection.until((text) => text.includes('one-answer'))
      connection.send(get('/connections/echo?two-answer', 'Connection: close'))
      return { bodies: bodies(await connection.until((text) => text.includes('two-answer'))) }
    },
    expected: { bodies: 'one-answer, two-answer' },
  },
  'connections: kept after an unknown length': {
    title: 'RFC 9112 7.1: a connection is kept after an answer of unknown length',
    story: async ({ connect }) => {
      using connection = await connect()
      connection.send(get('/connections/unknown?one-answer'))
      await connection.until((text) => text.includes('one-answer'))
      connection.send(get('/connections/echo?two-answer', 'Connection: close'))
      return { bodies: bodies(await connection.until((text) => text.includes('two-answer'))) }
    },
    expected: { bodies: 'one-answer, two-answer' },
  },
  'connections: pipelined': {
    title: 'RFC 9112 9.3.2: requests that come at once are answered in order',
    story: async ({ connect }) => {
      using connection = await connect()
      connection.send(
        get('/connections/echo?one-answer') +
          get('/connections/unknown?two-answer') +
          get('/connections/echo?three-answer', 'Connection: close'),
      )
      return { bodies: bodies(await connection.until((text) => text.includes('three-answer'))) }
    },
    expected: { bodies: 'one-answer, two-answer, three-answer' },
  },
  'connections: after HEAD': {
    title: 'RFC 9112 6.3: after an answer to HEAD comes the next answer, and nothing between them',
    story: (stage) => between('HEAD', '/iterables/list', stage),
    expected: { between: '' },
  },
  'connections: after 204': {
    title: 'RFC 9112 6.3: after a 204 comes the next answer, and nothing between them',
    story: (stage) => between('GET', '/lengths/no-content-body', stage),
    expected: { between: '' },
  },
  'connections: closed': {
    title: 'RFC 9112 9.6: Connection: close is kept to',
    story: async ({ connect }) => {
      using connection = await connect()
      connection.send(get('/connections/echo?one-answer', 'Connection: close'))
      await connection.until(() => false, 3_000)
      return { connection: connection.hasEnded ? 'closed' : 'open' }
    },
    expected: { connection: 'closed' },
  },
  'validated/everything': {
    title: 'PEP 3333 Specification Details: wsgiref.validate finds nothing wrong where an application uses everything',
    request: { method: 'POST', fields: ['Content-Length: 13'], body: 'one\ntwo\nthree' },
    log: 'validated two',
    expected: { status: '201', body: 'one\ntwo\nthree and more', log: 'written' },
  },
  'validated/simple': {
    title: 'PEP 3333 Specification Details: wsgiref.validate finds nothing wrong with the simplest application',
    expected: { status: '200', body: 'hello' },
  },
  'validated/no-content': {
    title: 'PEP 3333 Specification Details: wsgiref.validate finds nothing wrong with an answer without a body',
    expected: { status: '204', body: '' },
  },
  'validated/file': {
    title: 'PEP 3333 Specification Details: wsgiref.validate finds nothing wrong with a file',
    expected: { status: '200', body: 'of a file' },
  },
  'validated/head': {
    title: 'PEP 3333 Specification Details: wsgiref.validate finds nothing wrong with HEAD',
    request: { method: 'HEAD' },
    expected: { status: '200', body: '' },
  },
}
