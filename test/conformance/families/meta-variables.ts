// RFC 3875 4.1: the meta-variables that do not concern the path (path-info.ts) or single fields (fields.ts).

import type { Family } from '../case.ts'
import { noVersion, overHttp, proxied, rawTarget, wireOnly } from '../left-out.ts'
import { showVariables } from '../scripts.ts'

const target = '/cgi-bin/variables'
const post = { method: 'POST', target, body: 'a=1&b=2' }

export const metaVariables: Family = {
  name: 'meta-variables',
  files: { 'cgi-bin/variables': showVariables },
  options: { env: { COLOUR: 'blue', EMPTY: '', UMLAUT: 'ü' } },
  cases: [
    {
      title: 'RFC 3875 4.1.1: AUTH_TYPE is not set by an Authorization field that nobody has verified',
      request: { target, fields: [['Authorization', 'Basic b2xnYTpzZWNyZXQ=']] },
      expected: { status: 200, variables: { AUTH_TYPE: null, REMOTE_USER: null } },
    },
    {
      title: 'RFC 3875 4.1.2: CONTENT_LENGTH is the number of bytes of the body',
      request: post,
      expected: { status: 200, variables: { CONTENT_LENGTH: '7' } },
    },
    {
      title: 'RFC 3875 4.1.2: CONTENT_LENGTH is not set without a body',
      request: { target },
      expected: { status: 200, variables: { CONTENT_LENGTH: null, CONTENT_TYPE: null } },
    },
    {
      title: 'RFC 3875 4.1.2: CONTENT_LENGTH is 0 for a body that is announced as empty',
      request: { method: 'POST', target, body: '' },
      expected: { status: 200, variables: { CONTENT_LENGTH: '0' } },
    },
    {
      title: 'RFC 3875 4.1.3: CONTENT_TYPE comes with its parameters, as the client wrote it',
      request: { ...post, fields: [['Content-Type', 'multipart/form-data; boundary="-- x"']] },
      expected: { status: 200, variables: { CONTENT_TYPE: 'multipart/form-data; boundary="-- x"' } },
    },
    {
      title: 'RFC 3875 4.1.3: no CONTENT_TYPE is invented for a body without one',
      request: post,
      expected: { status: 200, variables: { CONTENT_TYPE: null } },
    },
    {
      title: 'RFC 3875 4.1.4: GATEWAY_INTERFACE is CGI/1.1',
      request: { target },
      expected: { status: 200, variables: { GATEWAY_INTERFACE: 'CGI/1.1' } },
    },
    {
      title: 'RFC 3875 4.1.7: QUERY_STRING is what follows the first "?", undecoded',
      request: { target: `${target}?a=%41+b&c=d?e/../f` },
      expected: { status: 200, variables: { QUERY_STRING: 'a=%41+b&c=d?e/../f' } },
    },
    {
      title: 'RFC 3875 4.1.7: QUERY_STRING is set, and empty, where the URL has no query',
      request: { target },
      expected: { status: 200, variables: { QUERY_STRING: '' } },
    },
    {
      title: 'RFC 3875 4.1.7: a bad percent escape in the query is the script’s business',
      request: { target: `${target}?100%&%zz` },
      expected: { status: 200, variables: { QUERY_STRING: '100%&%zz' } },
    },
    {
      title: 'RFC 3875 4.1.7: escapes of bytes that are not UTF-8 stay escapes in QUERY_STRING',
      request: { target: `${target}?q=caf%E9%00` },
      expected: { status: 200, variables: { QUERY_STRING: 'q=caf%E9%00' } },
    },
    {
      title: 'RFC 3875 4.1.8: REMOTE_ADDR is the address of the client',
      request: { target },
      expected: { status: 200, variables: { REMOTE_ADDR: '127.0.0.1', REMOTE_PORT: /^\d+$/ } },
    },
    {
      title: 'RFC 3875 4.1.8: X-Forwarded-For of somebody who is not a trusted proxy does not change REMOTE_ADDR',
      not: proxied,
      request: { target, fields: [['X-Forwarded-For', '192.0.2.1']] },
      expected: { status: 200, variables: { REMOTE_ADDR: '127.0.0.1', HTTP_X_FORWARDED_FOR: '192.0.2.1' } },
    },
    {
      title: 'RFC 3875 4.1.9 and 4.1.10: REMOTE_HOST and REMOTE_IDENT are not made up',
      request: { target, fields: [['Remote-Ident', 'root']] },
      expected: { status: 200, variables: { REMOTE_HOST: null, REMOTE_IDENT: null, HTTP_REMOTE_IDENT: 'root' } },
    },
    ...['HEAD', 'DELETE', 'PATCH', 'PROPFIND', 'REPORT'].map((method) => ({
      title: `RFC 3875 4.1.12: REQUEST_METHOD is ${method} where the client said so`,
      script: `#!/bin/sh\nprintf 'Status: 204\\nX-Method: %s\\n\\n' "$REQUEST_METHOD"\n`,
      request: { method },
      expected: { status: 204, fields: { 'x-method': method } },
    })),
    {
      title: 'RFC 3875 4.1.14: SERVER_NAME is the host of the Host field, without its port, in lower case',
      request: { target, fields: [['Host', 'WWW.Example.org:8088']] },
      expected: { status: 200, variables: { SERVER_NAME: 'www.example.org', HTTP_HOST: 'WWW.Example.org:8088' } },
    },
    {
      title: 'RFC 3875 4.1.14: SERVER_NAME of an IPv6 address keeps its brackets',
      request: { target, fields: [['Host', '[2001:DB8::1]:8088']] },
      expected: { status: 200, variables: { SERVER_NAME: '[2001:db8::1]' } },
    },
    {
      title: 'RFC 3875 4.1.14: SERVER_NAME is the server’s address where the client named no host',
      not: overHttp,
      wire: `GET ${target} HTTP/1.0\r\n\r\n`,
      expected: { status: 200, body: /\0SERVER_NAME=127\.0\.0\.1\0/ },
    },
    {
      title: 'RFC 3875 4.1.15: SERVER_PORT is the port of the connection, whatever Host says',
      not: proxied,
      request: { target, fields: [['Host', 'example.org:9']] },
      expected: {
        status: 200,
        variables: { SERVER_PORT: /^\d+$/ },
        check: ({ body }, { url }) => {
          if (!body.includes(`\0SERVER_PORT=${new URL(url).port}\0`)) throw new Error(`not the port of ${url}: ${body}`)
        },
      },
    },
    {
      title: 'RFC 3875 4.1.16: SERVER_PROTOCOL is the version of the request',
      request: { target },
      expected: { status: 200, variables: { SERVER_PROTOCOL: 'HTTP/1.1' } },
    },
    {
      title: 'RFC 3875 4.1.16: SERVER_PROTOCOL is HTTP/1.0 for a request of HTTP/1.0',
      not: [overHttp, noVersion, proxied],
      wire: `GET ${target} HTTP/1.0\r\nHost: a\r\n\r\n`,
      expected: { status: 200, body: /\0SERVER_PROTOCOL=HTTP\/1\.0\0/ },
    },
    {
      title: 'RFC 3875 4.1.17: SERVER_SOFTWARE is a product and its version',
      request: { target },
      expected: { status: 200, variables: { SERVER_SOFTWARE: /^postern\/\d+\.\d+\.\d+$/ } },
    },
    {
      title: 'Postern: REQUEST_URI is the target as it was sent, REQUEST_SCHEME http, and HTTPS is not set',
      request: { target: `${target}/a%20b?c=%2F` },
      expected: {
        status: 200,
        variables: { REQUEST_URI: `${target}/a%20b?c=%2F`, REQUEST_SCHEME: 'http', HTTPS: null },
      },
    },
    {
      title: 'Postern: REQUEST_URI keeps dot segments and escapes of the path as they were sent',
      not: [rawTarget, proxied],
      request: { target: `/cgi-bin/./x/%2e%2E/variables/%41` },
      expected: {
        status: 200,
        variables: { REQUEST_URI: '/cgi-bin/./x/%2e%2E/variables/%41', SCRIPT_NAME: target, PATH_INFO: '/A' },
      },
    },
    {
      title: 'RFC 9112 3.2.2: the authority of an absolute target replaces Host, and REQUEST_URI is path and query',
      not: wireOnly,
      wire: `GET http://Example.com:81${target}?q HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n`,
      expected: {
        status: 200,
        check: ({ body }) => {
          for (const entry of [`REQUEST_URI=${target}?q`, 'SERVER_NAME=example.com', 'HTTP_HOST=Example.com:81']) {
            if (!body.includes(`\0${entry}\0`)) throw new Error(`${entry} is missing`)
          }
        },
      },
    },
    {
      title: 'Postern: UNIQUE_ID is the id of the exchange, and REDIRECT_STATUS is 200, as php-cgi wants it',
      request: { target },
      expected: { status: 200, variables: { UNIQUE_ID: /^[A-Za-z0-9_-]{22}$/, REDIRECT_STATUS: '200' } },
    },
    {
      title: 'Postern: SERVER_ADDR, DOCUMENT_ROOT and SCRIPT_FILENAME tell where the script is',
      request: { target: `${target}/more` },
      expected: {
        status: 200,
        variables: {
          SERVER_ADDR: '127.0.0.1',
          DOCUMENT_ROOT: /^\/.*postern-test-/,
          SCRIPT_FILENAME: /\/cgi-bin\/variables$/,
        },
      },
    },
    {
      title: 'Postern: variables that the settings add reach the script, also empty ones and UTF-8',
      request: { target },
      expected: { status: 200, variables: { COLOUR: 'blue', EMPTY: '', UMLAUT: 'Ã¼' } },
    },
    {
      title: 'Postern: a client’s field cannot set a variable of the settings',
      request: { target, fields: [['Colour', 'red']] },
      expected: { status: 200, variables: { COLOUR: 'blue', HTTP_COLOUR: 'red' } },
    },
  ],
}

export const signedIn: Family = {
  name: 'meta-variables of a user whom the embedding program knows',
  files: { 'cgi-bin/variables': showVariables },
  user: { name: 'olga', authType: 'Digest' },
  cases: [
    {
      title: 'RFC 3875 4.1.1 and 4.1.11: AUTH_TYPE and REMOTE_USER are what the embedding program found out',
      request: { target },
      expected: { status: 200, variables: { AUTH_TYPE: 'Digest', REMOTE_USER: 'olga', HTTP_AUTHORIZATION: null } },
    },
    {
      title: 'RFC 3875 4.1.11: a field of the client does not change REMOTE_USER',
      request: { target, fields: [['Remote-User', 'root']] },
      expected: { status: 200, variables: { REMOTE_USER: 'olga', HTTP_REMOTE_USER: 'root' } },
    },
  ],
}

export const namedServer: Family = {
  name: 'meta-variables behind a trusted proxy, with a canonical name',
  files: { 'cgi-bin/variables': showVariables },
  options: { serverName: 'shop.example', trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] },
  cases: [
    {
      title: 'RFC 3875 4.1.14: SERVER_NAME is the configured name whatever Host says',
      request: { target, fields: [['Host', 'evil.example']] },
      expected: { status: 200, variables: { SERVER_NAME: 'shop.example', HTTP_HOST: 'evil.example' } },
    },
    {
      title: 'RFC 3875 4.1.8: REMOTE_ADDR is the nearest address that is not a trusted proxy’s',
      request: { target, fields: [['X-Forwarded-For', '203.0.113.9, 192.0.2.1, 10.1.2.3']] },
      expected: { status: 200, variables: { REMOTE_ADDR: '192.0.2.1' } },
    },
    {
      title: 'RFC 3875 4.1.8: what a client invents to the left of its own address is not believed',
      request: {
        target,
        fields: [
          ['X-Forwarded-For', 'unknown, 192.0.2.1'],
          ['X-Forwarded-For', '10.0.0.1'],
        ],
      },
      expected: { status: 200, variables: { REMOTE_ADDR: '192.0.2.1' } },
    },
    {
      title: 'RFC 3875 4.1.8: an entry that is not an address ends the walk along X-Forwarded-For',
      request: { target, fields: [['X-Forwarded-For', '192.0.2.1, _hidden, 10.0.0.1']] },
      expected: { status: 200, variables: { REMOTE_ADDR: '10.0.0.1' } },
    },
    {
      title: 'Postern: X-Forwarded-Proto of a trusted proxy sets HTTPS, REQUEST_SCHEME and SERVER_PORT',
      request: {
        target,
        fields: [
          ['Host', 'shop.example'],
          ['X-Forwarded-Proto', 'https'],
        ],
      },
      expected: { status: 200, variables: { HTTPS: 'on', REQUEST_SCHEME: 'https', SERVER_PORT: '443' } },
    },
    {
      title: 'Postern: the port that Host names wins behind a trusted proxy',
      request: {
        target,
        fields: [
          ['Host', 'shop.example:8443'],
          ['X-Forwarded-Proto', 'https'],
        ],
      },
      expected: { status: 200, variables: { HTTPS: 'on', SERVER_PORT: '8443' } },
    },
  ],
}
