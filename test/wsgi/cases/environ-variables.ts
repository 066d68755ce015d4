// environ: the variables of CGI and of HTTP.

import type { Cases, Expected, WsgiCase } from '../case.ts'

const section = 'PEP 3333 environ Variables'

function told(title: string, target: string, expected: Expected, ...fields: readonly string[]): WsgiCase {
  return { title, request: { target, fields }, expected: { status: '200', ...expected } }
}

export const environVariables: Cases = {
  'environ: method': {
    title: `${section}: REQUEST_METHOD is the method as it was sent`,
    request: { target: '/x', method: 'PROPFIND' },
    expected: { status: '200', 'variable REQUEST_METHOD': 'PROPFIND' },
  },
  'environ: path': told(
    `${section}: SCRIPT_NAME is empty for an application at the root, and PATH_INFO is the whole path`,
    '/a/b/',
    { 'variable SCRIPT_NAME': /^$|^\(none\)$/, 'variable PATH_INFO': '/a/b/' },
  ),
  'environ: root': told(`${section}: PATH_INFO is / for the root of an application at the root`, '/', {
    'variable SCRIPT_NAME': /^$|^\(none\)$/,
    'variable PATH_INFO': '/',
  }),
  'environ: decoded path': told(
    'RFC 3875 4.1.5: PATH_INFO is decoded once: %20 and %25, but not the plus sign',
    '/a%20b+c/%2541',
    { 'variable PATH_INFO': '/a b+c/%41' },
  ),
  'environ: path of UTF-8': told(
    'PEP 3333 Unicode Issues: the bytes of a path in UTF-8 are characters of latin-1',
    '/caf%C3%A9/%E2%82%AC',
    { 'variable PATH_INFO': '/caf\xc3\xa9/\xe2\x82\xac' },
  ),
  'environ: path of latin-1': told(
    'PEP 3333 Unicode Issues: the bytes of a path that is not UTF-8 are characters of latin-1',
    '/caf%E9/%FF%80',
    { 'variable PATH_INFO': '/caf\xe9/\xff\x80' },
  ),
  'environ: double slashes': told('RFC 3875 4.1.5: double slashes in PATH_INFO are data', '/a//b', {
    'variable PATH_INFO': '/a//b',
  }),
  'environ: double slashes first': told('RFC 3875 4.1.5: two slashes at the start of a path are no host', '//a/b', {
    'variable PATH_INFO': /^\/?\/a\/b$/,
  }),
  'environ: absolute-form': {
    title: 'RFC 9112 3.2.2: the host of a target in absolute form wins over Host, and its path is PATH_INFO',
    request: { target: 'http://other.example/a/b?c', host: 'first.example' },
    expected: { status: '200', 'variable PATH_INFO': '/a/b', 'variable HTTP_HOST': 'other.example' },
  },
  'environ: query': told(
    `${section}: QUERY_STRING is what follows the first question mark, undecoded`,
    '/a?b=%20%C3%A9+&c=?/d',
    { 'variable QUERY_STRING': 'b=%20%C3%A9+&c=?/d', 'variable PATH_INFO': '/a' },
  ),
  'environ: no query': told('RFC 3875 4.1.7: QUERY_STRING is there and empty where the request has no query', '/a', {
    'variable QUERY_STRING': '',
  }),
  'environ: empty query': told('RFC 3875 4.1.7: QUERY_STRING is empty where nothing follows the question mark', '/a?', {
    'variable QUERY_STRING': '',
  }),
  'environ: content type': {
    title: `${section}: CONTENT_TYPE is the field Content-Type, which is not an HTTP_ variable too`,
    request: {
      target: '/a',
      method: 'POST',
      fields: ['Content-Type: text/x; a="b"', 'Content-Length: 5'],
      body: 'hello',
    },
    expected: { status: '200', 'variable CONTENT_TYPE': 'text/x; a="b"', 'variable HTTP_CONTENT_TYPE': null },
  },
  'environ: content length': {
    title: `${section}: CONTENT_LENGTH is the field Content-Length, which is not an HTTP_ variable too`,
    request: { target: '/a', method: 'POST', fields: ['Content-Length: 5'], body: 'hello' },
    expected: { status: '200', 'variable CONTENT_LENGTH': '5', 'variable HTTP_CONTENT_LENGTH': null },
  },
  'environ: no content': told(`${section}: without a body CONTENT_TYPE and CONTENT_LENGTH are empty or missing`, '/a', {
    'variable CONTENT_TYPE': /^$|^\(none\)$/,
    'variable CONTENT_LENGTH': /^0?$|^\(none\)$/,
  }),
  'environ: server': told(
    `${section}: SERVER_NAME and SERVER_PORT are never empty, and the port is that of the request`,
    '/a',
    { 'variable SERVER_NAME': /./, 'variable SERVER_PORT': 'PORT', 'type SERVER_PORT': 'str' },
  ),
  'environ: protocol': told(`${section}: SERVER_PROTOCOL is the version that the client used: HTTP/1.1`, '/a', {
    'variable SERVER_PROTOCOL': 'HTTP/1.1',
  }),
  'environ: old protocol': {
    title: `${section}: SERVER_PROTOCOL is the version that the client used: HTTP/1.0`,
    request: { target: '/a', version: 'HTTP/1.0' },
    expected: { status: '200', 'variable SERVER_PROTOCOL': 'HTTP/1.0' },
  },
  'environ: client': told('RFC 3875 4.1.8: REMOTE_ADDR is the address of the client', '/a', {
    'variable REMOTE_ADDR': '127.0.0.1',
  }),
  'environ: gateway interface': told('RFC 3875 4.1.17: SERVER_SOFTWARE names the server', '/a', {
    'variable SERVER_SOFTWARE': /./,
  }),
  'environ: field': told(
    `${section}: a field of the request is a variable HTTP_ with underscores and upper case, its value trimmed`,
    '/a',
    { 'variable HTTP_X_ONE_TWO': 'a  b', 'variable HTTP_X_EMPTY': '' },
    'x-One-twO:   a  b  ',
    'X-Empty:',
  ),
  'environ: host': {
    title: `${section}: HTTP_HOST is the field Host`,
    request: { target: '/a', host: 'site.example:81' },
    expected: { status: '200', 'variable HTTP_HOST': 'site.example:81' },
  },
  'environ: authorization': told(
    `${section}: HTTP_AUTHORIZATION is there: an application that asks for a password checks it itself`,
    '/a',
    { 'variable HTTP_AUTHORIZATION': 'Basic eDp5', 'variable REMOTE_USER': null },
    'Authorization: Basic eDp5',
  ),
  'environ: field of latin-1': told(
    'PEP 3333 Unicode Issues: bytes above 7F of a field are characters of latin-1',
    '/a',
    { 'variable HTTP_X_ONE': 'caf\xe9 \xe2\x82\xac' },
    'X-One: caf\xe9 \xe2\x82\xac',
  ),
  'environ: repeated field': told(
    'RFC 3875 4.1.18: a field that comes more than once is one variable, its values joined by commas',
    '/a',
    { 'variable HTTP_X_ONE': /^a, ?b, ?c$/ },
    'X-One: a',
    'x-one: b, c',
  ),
  'environ: cookies': told(
    'RFC 6265 5.4: cookies in more than one field are joined by semicolons',
    '/a',
    { 'variable HTTP_COOKIE': 'a=1; b=2' },
    'Cookie: a=1',
    'Cookie: b=2',
  ),
  'environ: long field': told(
    `${section}: a field of 6,000 bytes comes whole`,
    '/a',
    { 'variable HTTP_X_ONE': 'x'.repeat(6000) },
    `X-One: ${'x'.repeat(6000)}`,
  ),
  'environ: proxy': told(
    'CVE-2016-1000110: the field Proxy never becomes HTTP_PROXY',
    '/a',
    { 'variable HTTP_PROXY': null },
    'Proxy: http://evil.example/',
  ),
  'environ: underscore alone': told(
    'CVE-2015-0219: a field with an underscore is not passed on as if it had a dash',
    '/a',
    { 'variable HTTP_X_ONE': null },
    'X_One: evil',
  ),
  'environ: underscore and dash': {
    title: 'CVE-2015-0219: a field with an underscore neither joins nor replaces the one with a dash',
    request: { target: '/a', fields: ['X-One: good', 'X_One: evil'] },
    expected: { 'variable HTTP_X_ONE': /^good$|^\(none\)$/ },
  },
  'environ: forged length': told(
    'CVE-2015-0219: Content_Length with an underscore is not CONTENT_LENGTH',
    '/a',
    { 'variable CONTENT_LENGTH': /^0?$|^\(none\)$/, 'variable HTTP_CONTENT_LENGTH': null },
    'Content_Length: 7',
  ),
  'environ: forged user': told(
    'Postern: no field sets a variable without HTTP_: REMOTE_USER, SCRIPT_NAME, PATH_INFO',
    '/a',
    { 'variable REMOTE_USER': null, 'variable SCRIPT_NAME': /^$|^\(none\)$/, 'variable PATH_INFO': '/a' },
    'Remote-User: root',
    'Script-Name: /evil',
    'Path-Info: /evil',
  ),
  'environ: forged scheme': told(
    'Postern: a client that is no trusted proxy does not choose wsgi.url_scheme or REMOTE_ADDR',
    '/a',
    { 'variable wsgi.url_scheme': 'http', 'variable REMOTE_ADDR': '127.0.0.1' },
    'X-Forwarded-Proto: https',
    'X-Forwarded-For: 192.0.2.1',
  ),
  'environ: own environment': told('Postern: what is in the environment of the server is not in environ', '/a', {
    'variable SERVER_OWN_SECRET': null,
    'variable PATH': null,
    'variable HOME': null,
  }),
  'environ: of the request alone': told(
    'Postern: variables of a request do not reach the environment of the process (os.environ)',
    '/a',
    { 'fact request in os.environ': 'False' },
  ),
}
