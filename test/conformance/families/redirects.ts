// RFC 3875 6.2.2 to 6.2.4 and 6.3.2: Location, answered by the client or inside the gateway.

import assert from 'node:assert/strict'
import type { ConformanceCase, Expected, Family } from '../case.ts'
import { echo, hello, printing, showVariables } from '../scripts.ts'

function redirecting(title: string, output: string, expected: Expected, request = {}): ConformanceCase {
  return { title, script: printing(output), request, expected }
}

function toClient(title: string, output: string, status: number, location: string): ConformanceCase {
  return redirecting(title, output, { status, fields: { location } })
}

export const redirects: Family = {
  name: 'redirects of scripts',
  files: {
    'cgi-bin/variables': showVariables,
    'cgi-bin/hello': hello,
    'cgi-bin/echo': echo,
    'cgi-bin/method': '#!/bin/sh\nprintf "Content-Type: text/plain\\nX-Method: $REQUEST_METHOD\\n\\n"\n',
    'cgi-bin/loop': printing('Location: /cgi-bin/loop\n\n'),
    'cgi-bin/once': printing('Location: /cgi-bin/hello\n\n'),
    'cgi-bin/not-executable': 'secret',
    'page.html': '<p>page\n',
  },
  options: { maxLocalRedirects: 3 },
  cases: [
    toClient(
      'RFC 3875 6.2.3: a Location with a scheme alone is 302',
      'Location: http://a.example/b?c#d\n\n',
      302,
      'http://a.example/b?c#d',
    ),
    toClient(
      'RFC 3875 6.2.3: a Location of another scheme goes to the client',
      'Location: mailto:a@b.example\n\n',
      302,
      'mailto:a@b.example',
    ),
    toClient(
      'RFC 3875 6.2.4: a Status with a Location is kept',
      'Status: 301 Moved\nLocation: http://a.example/\nContent-Type: text/plain\n\n',
      301,
      'http://a.example/',
    ),
    toClient(
      'RFC 3875 6.2.4: a Status makes a local path a redirect of the client',
      'Status: 303 See Other\nLocation: /cgi-bin/hello\n\n',
      303,
      '/cgi-bin/hello',
    ),
    toClient(
      'RFC 3875 6.2.4: Status 201 with a Location is no redirect',
      'Status: 201 Created\nLocation: /new/1\n\n',
      201,
      '/new/1',
    ),
    redirecting(
      'RFC 3875 6.2.4: a redirect of the client may have a document',
      'Status: 302 Found\nLocation: http://a.example/\nContent-Type: text/html\n\n<a href="http://a.example/">there</a>',
      { status: 302, fields: { 'content-type': 'text/html' }, body: '<a href="http://a.example/">there</a>' },
    ),
    toClient(
      'Postern: a local path with a Content-Type is a redirect of the client',
      'Location: /cgi-bin/hello\nContent-Type: text/plain\n\n',
      302,
      '/cgi-bin/hello',
    ),
    toClient(
      'Postern: a local path with a cookie is a redirect of the client, which gets the cookie',
      'Set-Cookie: a=b\nLocation: /cgi-bin/hello\n\n',
      302,
      '/cgi-bin/hello',
    ),
    toClient(
      'Postern: a path that is not absolute goes to the client, which resolves it',
      'Location: ../else?x\n\n',
      302,
      '../else?x',
    ),
    toClient(
      'RFC 3986 4.2: "//host/" is another host and never a local path',
      'Location: //a.example/b\n\n',
      302,
      '//a.example/b',
    ),
    toClient(
      'RFC 3875 6.3.2: a local path with a fragment goes to the client, for only it knows fragments',
      'Location: /page.html#part\n\n',
      302,
      '/page.html#part',
    ),
    toClient(
      'Postern: a Location in UTF-8 passes as its bytes, also those that Unicode calls a space',
      'Location: http://a.example/voil\xc3\xa0\n\n',
      302,
      'http://a.example/voil\xc3\xa0',
    ),
    redirecting(
      'Postern: a redirect with an untyped document is plain text',
      'Status: 302 Found\nLocation: http://a.example/\n\nthere',
      {
        status: 302,
        fields: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
      },
    ),
    redirecting('RFC 3875 6.3.2: an empty Location is 502', 'Location:\n\n', { status: 502 }),
    redirecting('RFC 3875 6.3.2: a Location with a space is 502', 'Location: http://a.example/a b\n\n', {
      status: 502,
    }),
    redirecting('RFC 3875 6.2.2: a local redirect is answered by what lies there', 'Location: /cgi-bin/hello\n\n', {
      status: 200,
      body: 'hello\n',
      fields: { location: null },
    }),
    redirecting('RFC 3875 6.2.2: a local redirect may lead to a file', 'Location: /page.html\n\n', {
      status: 200,
      body: '<p>page\n',
      fields: { 'content-type': 'text/html; charset=utf-8' },
    }),
    redirecting(
      'RFC 3875 6.2.2: path and query of a local redirect are the new script’s',
      'Location: /cgi-bin/variables/a%20b?c=%20d\n\n',
      {
        status: 200,
        variables: { SCRIPT_NAME: '/cgi-bin/variables', PATH_INFO: '/a b', QUERY_STRING: 'c=%20d' },
      },
      { target: '{script}/x?old' },
    ),
    redirecting(
      'RFC 3875 6.2.2: a POST is redirected locally as a GET without a body',
      'Location: /cgi-bin/variables\n\n',
      {
        status: 200,
        variables: { REQUEST_METHOD: 'GET', CONTENT_LENGTH: null, CONTENT_TYPE: null },
      },
      { method: 'POST', body: 'a=b', fields: [['Content-Type', 'x/y']] },
    ),
    redirecting(
      'RFC 3875 6.2.2: a HEAD is redirected locally as a HEAD',
      'Location: /cgi-bin/method\n\n',
      {
        status: 200,
        body: '',
        fields: { 'x-method': 'HEAD' },
      },
      { method: 'HEAD' },
    ),
    {
      title: 'Postern: after a local redirect REDIRECT_* tell the first request, and REQUEST_URI stays',
      core: true,
      at: 'cgi-bin/first',
      script: printing('Location: /cgi-bin/variables?new\n\n'),
      request: { method: 'POST', body: 'x', target: '/cgi-bin/first/in%20fo?old' },
      expected: {
        status: 200,
        variables: {
          REDIRECT_URL: '/cgi-bin/first/in fo',
          REDIRECT_QUERY_STRING: 'old',
          REDIRECT_REQUEST_METHOD: 'POST',
          REQUEST_URI: '/cgi-bin/first/in%20fo?old',
          REDIRECT_STATUS: '200',
        },
      },
    },
    redirecting(
      'Postern: fields of the request reach the script of a local redirect too',
      'Location: /cgi-bin/variables\n\n',
      {
        status: 200,
        variables: { HTTP_COOKIE: 'a=b' },
      },
      { fields: [['Cookie', 'a=b']] },
    ),
    redirecting('Postern: local redirects may follow one another', 'Location: /cgi-bin/once\n\n', {
      status: 200,
      body: 'hello\n',
    }),
    redirecting('RFC 3875 6.2.2: a local redirect to nothing is 404', 'Location: /no/such/thing\n\n', { status: 404 }),
    redirecting(
      'RFC 3875 6.2.2: a local redirect does not send what only a program may read (CVE-2026-42356)',
      'Location: /cgi-bin/not-executable\n\n',
      {
        status: 403,
      },
    ),
    redirecting('RFC 3875 6.2.2: a local redirect that is no path is the script’s fault, 502', 'Location: /a%zz\n\n', {
      status: 502,
    }),
    redirecting(
      'RFC 3875 6.2.2: a local redirect above the root is the script’s fault, 502',
      'Location: /../../etc/passwd\n\n',
      { status: 502 },
    ),
    {
      title: 'RFC 3875 6.2.2: local redirects in a circle end in 502',
      core: true,
      request: { target: '/cgi-bin/loop' },
      expected: {
        status: 502,
        check: (_, { events }) => {
          assert.equal(events.filter(({ type }) => type === 'program-started').length, 4)
        },
      },
    },
  ],
}
