// Clients that send too slowly: the http frontend's and node frontend's own limits of time.

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Family } from '../case.ts'
import { overHttp, wireOnly, handlersWord } from '../left-out.ts'
import { echo } from '../scripts.ts'

export const slowClients: Family = {
  name: 'clients that are slow',
  files: { 'cgi-bin/echo': echo },
  options: { bodyTimeout: '300ms', headerTimeout: '300ms', minBodyRate: '1kB' },
  cases: [
    {
      title: 'RFC 9110 15.5.9: a body that stops coming is 408',
      not: [overHttp, handlersWord],
      ms: 1500,
      wire: 'POST /cgi-bin/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhel',
      expected: { status: 408 },
    },
    {
      title: 'RFC 9110 15.5.9: a chunked body that stops coming is 408',
      not: [overHttp, handlersWord],
      ms: 1500,
      wire: 'POST /cgi-bin/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n',
      expected: { status: 408 },
    },
    {
      title: 'RFC 9110 15.5.9: a body that drips in below minBodyRate is 408',
      not: [overHttp, handlersWord],
      story: async ({ url }) => {
        const { hostname, port } = new URL(url)
        const socket = connect({ host: hostname, port: Number(port) })
        const answers: string[] = []
        socket.on('data', (chunk) => {
          answers.push(String(chunk))
        })
        socket.on('error', () => {}) // The server may close while a byte is on its way.
        socket.write('POST /cgi-bin/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n')
        for (let byte = 0; byte < 30 && answers.length === 0; byte++) {
          socket.write('x')
          await sleep(50)
        }
        socket.destroy()
        assert.match(answers.join(''), /^HTTP\/1\.1 408 /)
      },
    },
    {
      title: 'RFC 9110 15.5.9: fields that stop coming are 408',
      not: wireOnly,
      wire: 'GET /cgi-bin/echo HTTP/1.1\r\nHost: a\r\nX-A',
      expected: { status: 408, fields: { connection: 'close' } },
    },
  ],
}
