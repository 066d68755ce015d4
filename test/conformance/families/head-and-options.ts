// RFC 9110 6.4.1, 8.6, 9.3 and 15: methods and statuses whose answers have no body, and methods that are not for scripts.

import assert from 'node:assert/strict'
import type { ConformanceCase, Family } from '../case.ts'
import { notByRequest } from '../left-out.ts'
import { plain, printing } from '../scripts.ts'

function bodiless(
  title: string,
  output: string,
  status: number,
  fields: Record<string, string | null>,
): ConformanceCase {
  return { title, script: printing(output), expected: { status, body: '', fields } }
}

const body = 'Content-Type: text/plain\nContent-Length: 5\n\nhello'

export const headAndOptions: Family = {
  name: 'HEAD, OPTIONS, 204, 304',
  files: { 'page.txt': 'hello\n', 'folder/index.html': '<p>' },
  cases: [
    {
      title: 'RFC 3875 4.3.3: a script is told of HEAD, and its body is not sent',
      core: true,
      script: plain('echo "$REQUEST_METHOD" >&2', 'echo body'),
      request: { method: 'HEAD' },
      expected: {
        status: 200,
        body: '',
        fields: { 'content-type': 'text/plain' },
        check: async (_, { events, until }) => {
          const line = await until('standard error', () => events.find(({ type }) => type === 'diagnostic-line'))
          assert.equal(line.type === 'diagnostic-line' && line.line, 'HEAD')
        },
      },
    },
    {
      title: 'RFC 9110 9.3.2: Content-Length of a script is kept in the answer to HEAD',
      script: printing(body),
      request: { method: 'HEAD' },
      expected: { status: 200, body: '', fields: { 'content-length': '5' } },
    },
    {
      title: 'RFC 9110 9.3.2: HEAD of a script that writes much does not wait for all of it',
      script: plain('exec yes'),
      story: async ({ open }) => {
        const answer = await open({ method: 'HEAD' })
        assert.equal(answer.status, 200)
        answer.leave()
      },
    },
    {
      title: 'RFC 9110 9.3.2: HEAD needs no Content-Type where GET would',
      script: printing('X-A: b\n\nhello'),
      request: { method: 'HEAD' },
      expected: { status: 200, body: '' },
    },
    {
      title: 'RFC 9110 9.3.2: HEAD of a file is GET without the body',
      core: true,
      request: { method: 'HEAD', target: '/page.txt' },
      expected: {
        status: 200,
        body: '',
        fields: { 'content-length': '6', 'content-type': 'text/plain; charset=utf-8' },
      },
    },
    {
      title: 'RFC 9110 9.3.2: HEAD of what is not there has no body',
      request: { method: 'HEAD', target: '/nothing' },
      expected: { status: 404, body: '' },
    },
    bodiless('RFC 9110 15.3.5: 204 has neither body nor Content-Length', `Status: 204 No Content\n${body}`, 204, {
      'content-length': null,
      'transfer-encoding': null,
    }),
    bodiless('RFC 9110 15.3.6: 205 has no body', `Status: 205 Reset Content\n${body}`, 205, {}),
    bodiless(
      'RFC 9110 15.4.5: 304 has no body, and keeps its fields',
      `Status: 304 Not Modified\nETag: "a"\n${body}`,
      304,
      {
        etag: '"a"',
        'content-length': null,
      },
    ),
    bodiless('RFC 9110 15.3.5: 204 needs no Content-Type', 'Status: 204 No Content\nX-A: b\n\n', 204, { 'x-a': 'b' }),
    {
      title: 'RFC 9110 9.3.7: OPTIONS of a script is the script’s to answer',
      core: true,
      script: '#!/bin/sh\nprintf "Status: 204\\nAllow: $REQUEST_METHOD\\n\\n"\n',
      request: { method: 'OPTIONS' },
      expected: { status: 204, fields: { allow: 'OPTIONS' } },
    },
    {
      title: 'RFC 9110 9.3.7: OPTIONS of a file names what can be done with it',
      request: { method: 'OPTIONS', target: '/page.txt' },
      expected: { status: 204, body: '', fields: { allow: 'GET, HEAD, OPTIONS' } },
    },
    {
      title: 'RFC 9110 9.3.7: OPTIONS * asks the server as a whole',
      not: notByRequest,
      request: { method: 'OPTIONS', target: '*' },
      expected: { status: 204, body: '', fields: { allow: /GET, HEAD, POST/ } },
    },
    ...['POST', 'PUT', 'DELETE', 'PATCH'].map((method) => ({
      title: `RFC 9110 15.5.6: ${method} of a file is 405, and Allow names what can be done`,
      request: { method, target: '/page.txt' },
      expected: { status: 405, fields: { allow: 'GET, HEAD, OPTIONS' } },
    })),
    {
      title: 'RFC 9110 9.3.8: TRACE is 405, and no script is told',
      not: notByRequest,
      script: plain('echo told'),
      request: { method: 'TRACE' },
      expected: { status: 405, fields: { allow: /GET/ } },
    },
    {
      title: 'RFC 9110 15.5.6: POST to a folder is 405 rather than a redirect that would lose the body',
      request: { method: 'POST', target: '/folder', body: 'x' },
      expected: { status: 405 },
    },
  ],
}
