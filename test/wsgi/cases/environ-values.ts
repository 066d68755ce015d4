// environ: the dictionary, its types, the keys of WSGI itself, and an application that is mounted.

import type { Cases, Expected, WsgiCase } from '../case.ts'

const section = 'PEP 3333 environ Variables'

function fact(title: string, expected: Expected): WsgiCase {
  return { title, request: { target: '/facts?x' }, expected: { status: '200', ...expected } }
}

function mounted(title: string, target: string, expected: Expected): WsgiCase {
  return { title, request: { target }, server: 'mounted', expected }
}

export const environValues: Cases = {
  'environ: dict': fact('PEP 3333 Specification Details: environ is a dict itself, not a subclass of it', {
    'fact environ': 'dict',
    'fact names that are not str': '[]',
  }),
  'environ: strings': fact('PEP 3333 A Note On String Types: every variable of CGI is a str', {
    'fact variables that are not str': '[]',
  }),
  'environ: latin-1': {
    title: 'PEP 3333 Unicode Issues: no string in environ has a character above FF',
    request: { target: '/%E2%82%AC?%E2%82%AC', fields: ['X-One: \xe2\x82\xac'] },
    expected: { status: '200', 'fact characters above FF': '[]' },
  },
  'environ: version': fact(`${section}: wsgi.version is the tuple (1, 0)`, { 'fact version': '(1, 0)' }),
  'environ: scheme': fact(`${section}: wsgi.url_scheme is http where there is no TLS`, {
    'variable wsgi.url_scheme': 'http',
  }),
  'environ: input': fact('PEP 3333 Input and Error Streams: wsgi.input has read, readline, readlines and __iter__', {
    'fact missing of input': '[]',
    'fact text input': 'False',
  }),
  'environ: errors': fact('PEP 3333 Input and Error Streams: wsgi.errors has flush, write and writelines', {
    'fact missing of errors': '[]',
  }),
  'environ: threads': fact(`${section}: one process with threads tells multithread true and multiprocess false`, {
    'fact multithread': 'True',
    'fact multiprocess': 'False',
  }),
  'environ: processes': mounted(
    `${section}: several processes of one thread tell multithread false and multiprocess true`,
    '/mount/facts',
    { status: '200', 'fact multithread': 'False', 'fact multiprocess': 'True' },
  ),
  'environ: run once': fact(`${section}: wsgi.run_once is false in a process that stays`, { 'fact run_once': 'False' }),
  'environ: each its own': {
    title: 'PEP 3333 Specification Details: an application may change environ, and the next request sees nothing of it',
    story: async ({ ask }) => {
      await ask({ target: '/first' })
      const seen = await ask({ target: '/second' })
      return { mark: seen.get('fact mark of an earlier request') ?? '' }
    },
    expected: { mark: 'None' },
  },
  'environ: url': {
    title: 'PEP 3333 URL Reconstruction: the URL of the request can be made from environ, by Host',
    request: { target: '/a%20b/caf%C3%A9?c=d', host: 'site.example:81' },
    expected: { 'fact url': 'http://site.example:81/a%20b/caf%C3%A9?c=d' },
  },
  'environ: url without host': {
    title: 'PEP 3333 URL Reconstruction: without Host, SERVER_NAME and SERVER_PORT lead to the server',
    request: { target: '/a', host: null, version: 'HTTP/1.0' },
    expected: { 'fact url': /^http:\/\/[\w.-]+:PORT\/a$/ },
  },
  'environ: mounted': mounted(
    `${section}: the path of a mounted application is divided into SCRIPT_NAME and PATH_INFO`,
    '/mount/a/b',
    { status: '200', 'variable SCRIPT_NAME': '/mount', 'variable PATH_INFO': '/a/b' },
  ),
  'environ: mounted with a slash': mounted(
    `${section}: PATH_INFO is / where the request names the mount with a slash`,
    '/mount/?x',
    { status: '200', 'variable SCRIPT_NAME': '/mount', 'variable PATH_INFO': '/', 'variable QUERY_STRING': 'x' },
  ),
  'environ: mounted without a slash': mounted(
    `${section}: PATH_INFO is empty where the request names the mount alone`,
    '/mount?x',
    { status: '200', 'variable SCRIPT_NAME': '/mount', 'variable PATH_INFO': '', 'variable QUERY_STRING': 'x' },
  ),
  'environ: mounted url': mounted(
    'PEP 3333 URL Reconstruction: the URL of a mounted application has the mount in it',
    '/mount/a%20b?c=d',
    { 'fact url': 'http://127.0.0.1:PORT/mount/a%20b?c=d' },
  ),
  'environ: beside the mount': mounted(
    'Postern: a path that only begins like the mount is not the application’s',
    '/mounted/a',
    { status: '404' },
  ),
}
