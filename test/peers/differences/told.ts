// Differences in what programs are told.

import { absent } from '../compare.ts'
import { page, type Section, type Sight } from './difference.ts'

const localRedirects = ['local-redirect', 'POST to a local redirect', 'local redirect with a query of its own']

export const told: readonly Section[] = [
  {
    title: 'What a program is told of the server',
    differences: [
      {
        what: 'SERVER_SOFTWARE',
        apache: '`Apache/2.4…`',
        postern: '`postern/…`',
        why: 'Each says its own name (RFC 3875 4.1.17).',
        seen: [['variable SERVER_SOFTWARE', 'Apache/N', 'postern/N']],
      },
      {
        what: 'Variables that only Apache has',
        apache: 'SERVER_ADMIN, SERVER_SIGNATURE, CONTEXT_PREFIX, CONTEXT_DOCUMENT_ROOT',
        postern: 'none of them',
        why: 'They repeat Apache’s own configuration. A program that reads one of them gets it by `env`.',
        seen: [
          ['variable SERVER_ADMIN', '[no address given]', absent],
          ['variable SERVER_SIGNATURE', '', absent],
          ['variable CONTEXT_PREFIX', '/cgi-bin/', absent],
          ['variable CONTEXT_DOCUMENT_ROOT', 'SITE/cgi-bin/', absent],
          ['variable CONTEXT_PREFIX', '', absent, 'script outside cgi-bin', 'script as index'],
          ['variable CONTEXT_DOCUMENT_ROOT', 'SITE', absent, 'script outside cgi-bin', 'script as index'],
        ],
      },
      {
        what: 'REDIRECT_STATUS',
        apache: 'only after a local redirect',
        postern: 'always `200`',
        why: 'php-cgi answers only where it is set; Apache’s users set it by hand.',
        seen: [['variable REDIRECT_STATUS', absent, '200']],
      },
      {
        what: 'UNIQUE_ID',
        apache: 'with mod_unique_id',
        postern: 'always',
        why: 'It is the id in every line of the log, so that a program’s own log can name the request.',
        seen: [['variable UNIQUE_ID', absent, 'an id']],
      },
      {
        what: 'LANG, LC_*, TZ, TMPDIR of the server’s own environment',
        apache: 'only with PassEnv',
        postern: 'passed on',
        why: 'Interpreters and tools choose language, encoding and time by them.',
        seen: [['variable LANG', absent, 'C.UTF-8']],
      },
      {
        what: 'SERVER_PORT where Host names another port, or none',
        apache: 'the port that Host says, 80 if it says none',
        postern: 'the port that the request came in at',
        why: 'RFC 3875 4.1.15: the port on which the request was received. A client cannot choose it. Behind a trusted proxy it is what the proxy says.',
        seen: [
          ['variable SERVER_PORT', '80', 'PORT', 'Host: another name', 'Host: a final dot', 'HTTP/1.0 without Host'],
          ['variable SERVER_PORT', '81', 'PORT', 'Host: another name and port'],
          ['variable SERVER_PORT', '8080', 'PORT', 'Host: an IPv6 address'],
          ['variable SERVER_PORT', '99', 'PORT', 'absolute target'],
        ],
      },
      {
        what: 'SERVER_NAME where Host ends in a dot',
        apache: 'without the dot',
        postern: 'as it was sent',
        why: 'The dot makes it another name (RFC 3986 3.2.2); `serverName` sets one that no Host can change.',
        seen: [['variable SERVER_NAME', 'www.example.com', 'www.example.com.', 'Host: a final dot']],
      },
    ],
  },
  {
    title: 'What a program is told of the path and the query',
    differences: [
      {
        what: 'PATH_INFO where nothing follows the program',
        apache: 'not set',
        postern: 'set and empty',
        why: 'RFC 3875 4.1.5 allows both, and programs that read it without asking whether it is there work. As in nginx and Go.',
        seen: [
          ['variable PATH_INFO', absent, ''],
          ['variable REDIRECT_PATH_INFO', absent, '', 'local-redirect', 'POST to a local redirect'],
        ],
      },
      {
        what: 'Double slashes in PATH_INFO',
        apache: 'merged (MergeSlashes)',
        postern: 'kept',
        why: 'They may be data, a URL among them. To find the program they are merged by both.',
        seen: [
          ['variable PATH_INFO', '/a/b', '//a//b', 'path info: double slashes'],
          ['variable PATH_TRANSLATED', 'SITE/a/b', 'SITE//a//b', 'path info: double slashes'],
        ],
      },
      {
        what: 'REQUEST_URI for an absolute-form target',
        apache: 'with scheme and host',
        postern: 'path and query',
        why: 'Programs split it at the first `?` and take the rest for a path. As in nginx.',
        seen: [
          [
            'variable REQUEST_URI',
            'http://other.example:99/cgi-bin/dump.pl/x?y',
            '/cgi-bin/dump.pl/x?y',
            'absolute target',
          ],
        ],
      },
      {
        what: 'The words of a query without `=`',
        apache: 'become arguments, with a backslash before what a shell would read',
        postern: 'become arguments only with `searchWords`, and then as they are',
        why: 'RFC 3875 4.4 is the door to CVE-2012-1823 and CVE-2024-4577: an interpreter takes `?-s` for an option.',
        seen: [
          ["program's arguments", '["one","two"]', '[]', 'query of words'],
          ["program's arguments", '["one","\\\\\'two\\\\;\\\\$x"]', '[]', 'query of odd words'],
          ["program's arguments", '["-s","-d"]', '[]', 'query that looks like an option'],
          ["program's arguments", '["one=","two"]', '[]', 'query with an encoded "="'],
          ["program's arguments", '["y"]', '[]', 'script outside cgi-bin', 'absolute target'],
        ],
      },
      {
        what: 'A raw byte above 7F in the target',
        apache: 'passed on',
        postern: '400',
        why: 'RFC 3986 2 has no such byte, and Node’s parser refuses it. Every browser of today escapes it.',
        seen: [['answer', '200', '400', 'query with a raw high byte', 'path info: raw high byte']],
      },
      {
        what: 'A control character in the path (`%0A`)',
        apache: 'passed on; `%00` gets 404',
        postern: '400',
        why: 'CVE-2019-11043 and CVE-2013-4547 began with one.',
        seen: [
          ['answer', '200', `400${page}`, 'path info: line feed'],
          ['answer', `404${page}`, `400${page}`, 'path info: NUL', 'target: NUL'],
        ],
      },
    ],
  },
  {
    title: 'What a program is told of the fields and the body',
    differences: [
      {
        what: 'Fields of the connection: Connection, Keep-Alive, TE, Upgrade, Expect',
        apache: 'HTTP_CONNECTION and so on',
        postern: 'not passed on',
        why: 'RFC 9110 7.6.1: they end at the server that took them.',
        seen: [
          ['variable HTTP_CONNECTION', 'close', absent],
          ['variable HTTP_CONNECTION', 'close, X-One', absent, 'field named by Connection'],
          ['variable HTTP_KEEP_ALIVE', '5', absent, 'fields of the connection'],
          ['variable HTTP_TE', 'trailers', absent, 'fields of the connection'],
          ['variable HTTP_UPGRADE', 'other', absent, 'fields of the connection'],
          ['variable HTTP_EXPECT', '100-continue', absent, 'POST with Expect'],
        ],
      },
      {
        what: 'A body of unknown length (chunked)',
        apache: 'no CONTENT_LENGTH, HTTP_TRANSFER_ENCODING is `chunked`',
        postern: 'CONTENT_LENGTH is the length of the body, which is read first',
        why: 'RFC 3875 4.1.2: it must be set where there is a body. Most programs read nothing without it; `git push` needs it.',
        seen: [
          ['variable HTTP_TRANSFER_ENCODING', 'chunked', absent],
          ['variable CONTENT_LENGTH', absent, '7', 'POST chunked'],
          ['variable CONTENT_LENGTH', absent, '0', 'POST chunked, empty'],
          ['variable CONTENT_LENGTH', absent, '3', 'POST chunked with a trailer'],
        ],
      },
      {
        what: 'Cookie sent more than once',
        apache: 'joined with `, `',
        postern: 'joined with `; `',
        why: 'RFC 6265 5.4: no program splits cookies at a comma.',
        seen: [['variable HTTP_COOKIE', 'a=1, b=2', 'a=1; b=2', 'cookies repeated']],
      },
      {
        what: 'Redirect-Status, X-Sendfile-Type, X-Accel-Mapping',
        apache: 'passed on',
        postern: 'not passed on, with a line in the log',
        why: 'CVE-2024-8927, CVE-2025-61780: they steer php-cgi and Rack, and are not for clients to send.',
        seen: [
          ['variable HTTP_REDIRECT_STATUS', '1', absent, 'field Redirect-Status'],
          ['variable HTTP_X_SENDFILE_TYPE', 'X-Sendfile', absent, 'fields X-Sendfile-Type and X-Accel-Mapping'],
          ['variable HTTP_X_ACCEL_MAPPING', '/=/', absent, 'fields X-Sendfile-Type and X-Accel-Mapping'],
        ],
      },
      {
        what: 'Two fields that would become one variable (X-One and X_One)',
        apache: 'the one with the underscore is dropped',
        postern: '400',
        why: 'CVE-2015-0219: a proxy in front may have checked the other one. Alone, X_One is dropped by both.',
        seen: [['answer', '200', `400${page}`, 'fields that would collide']],
      },
      {
        what: 'A field whose value begins like a shell function',
        apache: 'passed on',
        postern: '400',
        why: 'CVE-2014-6271 (Shellshock): old machines are where old programs run.',
        seen: [['answer', '200', `400${page}`, 'field with a shell function']],
      },
    ],
  },
  {
    title: 'Local redirects (RFC 3875 6.2.2)',
    differences: [
      {
        what: 'The first request’s variables, as REDIRECT_*',
        apache: 'all of them',
        postern: 'REDIRECT_URL, _QUERY_STRING, _REQUEST_METHOD, _SCRIPT_NAME, _PATH_INFO',
        why: 'These say where the request came from; the others are the same in both, or the first program’s business.',
        seen: [
          ...[
            ['CONTEXT_DOCUMENT_ROOT', 'SITE/cgi-bin/'],
            ['CONTEXT_PREFIX', '/cgi-bin/'],
            ['DOCUMENT_ROOT', 'SITE'],
            ['GATEWAY_INTERFACE', 'CGI/1.1'],
            ['HTTP_CONNECTION', 'close'],
            ['HTTP_HOST', '127.0.0.1:PORT'],
            ['PATH', 'folders'],
            ['REMOTE_ADDR', '127.0.0.1'],
            ['REMOTE_PORT', 'a port'],
            ['REQUEST_SCHEME', 'http'],
            ['SCRIPT_FILENAME', 'SITE/cgi-bin/local-redirect'],
            ['SERVER_ADDR', '127.0.0.1'],
            ['SERVER_ADMIN', '[no address given]'],
            ['SERVER_NAME', '127.0.0.1'],
            ['SERVER_PORT', 'PORT'],
            ['SERVER_PROTOCOL', 'HTTP/1.1'],
            ['SERVER_SIGNATURE', ''],
            ['SERVER_SOFTWARE', 'Apache/N'],
          ].map(([name = '', value = '']): Sight => [`variable REDIRECT_${name}`, value, absent, ...localRedirects]),
          [
            'variable REDIRECT_REQUEST_URI',
            '/cgi-bin/local-redirect',
            absent,
            'local-redirect',
            'POST to a local redirect',
          ],
          [
            'variable REDIRECT_REQUEST_URI',
            '/cgi-bin/local-redirect/was/here?q=w',
            absent,
            'local redirect with a query of its own',
          ],
          ['variable REDIRECT_PATH_TRANSLATED', 'SITE/was/here', absent, 'local redirect with a query of its own'],
          ['variable REDIRECT_CONTENT_LENGTH', '3', absent, 'POST to a local redirect'],
          ['variable REDIRECT_CONTENT_TYPE', 'application/x-www-form-urlencoded', absent, 'POST to a local redirect'],
        ],
      },
      {
        what: 'CONTENT_TYPE after a local redirect of a POST',
        apache: 'kept',
        postern: 'not set',
        why: 'The second request is a GET without a body, to both.',
        seen: [['variable CONTENT_TYPE', 'application/x-www-form-urlencoded', absent, 'POST to a local redirect']],
      },
      {
        what: 'A path in Location together with another field',
        apache: 'a local redirect; the other fields are lost, cookies among them',
        postern: '302, with the fields',
        why: 'RFC 3875 6.2.2: a local redirect has no other field.',
        seen: [['answer', '200', '302', 'local-redirect-typed', 'local-redirect-cookie']],
      },
      {
        what: '`Location: //host/`',
        apache: 'a path of its own',
        postern: '302 to the other host',
        why: 'It is another site’s address to every client (RFC 3986 4.2), and is never looked for on the disk.',
        seen: [['answer', `404${page}`, '302', 'local-redirect-host']],
      },
    ],
  },
]
