// Differences in what is taken from programs.

import { absent } from '../compare.ts'
import { page, type Section } from './difference.ts'

const nphPrograms = [
  'NPH dump',
  'POST to an NPH program',
  'nph-plain',
  'nph-length',
  'nph-chunked',
  'nph-404',
  'nph-interim',
]

export const taken: readonly Section[] = [
  {
    title: 'What is taken from a program',
    differences: [
      {
        what: 'A program that fails or answers with what is no head',
        apache: '500',
        postern: '502, with Proxy-Status',
        why: 'RFC 9110 15.6.3: the gateway works; the program behind it did not. The log, and in development the page, say why.',
        seen: [
          [
            'answer',
            `500${page}`,
            `502${page}`,

            'no-head',
            'no-blank-line',
            'no-output',
            'exit-1-silent',
            'stderr-only',
            'killed-silent',
            'HEAD of a failure',
            'bad-interpreter',
            'no-interpreter',
            'status-line',
            'local-redirect-loop',
            'field-control',
            'field-name-space',
            'field-space-colon',
            'field-folded',
            'field-without-colon',
          ],
        ],
      },
      {
        what: 'A Status that is none (`fine`, `99`, `600`)',
        apache: '500 with the program’s body; `600` as it is',
        postern: '502',
        why: 'RFC 9110 15: a status has three digits, from 100 to 599.',
        seen: [
          ['answer', '500', `502${page}`, 'status-word', 'status-99'],
          ['answer', '600', `502${page}`, 'status-600'],
        ],
      },
      {
        what: 'Status, Content-Type or Location twice, with two values',
        apache: 'the last one',
        postern: '502',
        why: 'RFC 3875 6.3: at most once. Which one was meant cannot be known.',
        seen: [
          ['answer', '202', `502${page}`, 'status-twice'],
          ['answer', '200', `502${page}`, 'repeated-type'],
        ],
      },
      {
        what: 'A body without Content-Type',
        apache: 'sent without one, so that the browser guesses',
        postern: "502, or text/plain with `untyped: 'plain'`",
        why: 'RFC 3875 6.3.1, CVE-2020-24553: what is guessed may be HTML.',
        seen: [['answer', '200', `502${page}`, 'untyped', 'empty-head']],
      },
      {
        what: 'CR or NUL inside a field',
        apache: 'passed on in part',
        postern: '502',
        why: 'CVE-2023-38709: it splits the answer for somebody.',
        seen: [['answer', '200', `502${page}`, 'field-cr', 'field-nul']],
      },
      {
        what: 'Transfer-Encoding, or a Content-Length that is no number',
        apache: 'dropped',
        postern: '502',
        why: 'RFC 3875 6.3.4, CVE-2024-42516: framing is the server’s.',
        seen: [['answer', '200', `502${page}`, 'field-transfer-encoding', 'length-word', 'length-plus']],
      },
      {
        what: 'Content-Length that differs from the body',
        apache: 'not believed: the whole body is sent',
        postern: 'believed: more is cut off, with less the connection is broken off',
        why: 'A program that was killed in the middle must not look whole. The log says so.',
        seen: [
          ['body', 'hello\n', 'hel', 'length-short'],
          ['ending', 'whole', 'broken off', 'length-long'],
        ],
      },
      {
        what: 'Conditions (If-None-Match, If-Modified-Since) where the program sends a validator',
        apache: '304 in the program’s place',
        postern: 'the program’s answer',
        why: 'The program has run by then, and it sees the condition: HTTP_IF_NONE_MATCH.',
        seen: [['answer', '304', '200', 'If-None-Match of a program', 'If-Modified-Since of a program']],
      },
      {
        what: 'Redirect without a body, or without a Status',
        apache: 'its own page, in place of the program’s body',
        postern: 'what the program wrote',
        why: 'RFC 3875 6.2.3 and 6.2.4. Nobody sees the page.',
        seen: [
          [
            'answer',
            `302${page}`,
            '302',

            'client-redirect',
            'client-redirect-relative',
            'redirect-with-untold-status',
            'HEAD of a client redirect',
          ],
        ],
      },
      {
        what: 'Connection, Upgrade, Trailer, and fields that Connection names',
        apache: 'Upgrade and Trailer are passed on, and what Connection names',
        postern: 'dropped',
        why: 'RFC 9110 7.6.1: the connection is the server’s.',
        seen: [
          ['field x-one', '1', absent, 'fields-of-the-connection'],
          ['field upgrade', 'other', absent, 'field-upgrade'],
          ['field trailer', 'X-One', absent, 'field-upgrade'],
        ],
      },
      {
        what: 'X-Sendfile, X-Accel-*',
        apache: 'passed on to the client',
        postern: 'dropped',
        why: 'They are instructions to a server, and name its files.',
        seen: [
          ['field x-sendfile', '/etc/passwd', absent, 'field-sendfile'],
          ['field x-accel-redirect', '/secret', absent, 'field-sendfile'],
        ],
      },
      {
        what: 'A field written more than once',
        apache: 'one line, joined with a comma (but Set-Cookie)',
        postern: 'the lines as they were',
        why: 'RFC 9110 5.3: the same to every client.',
        seen: [
          ['field x-one', '1, 2', '1 | 2', 'repeated-fields'],
          ['field link', '</a>, </b>', '</a> | </b>', 'repeated-fields'],
        ],
      },
      {
        what: 'The program’s own Date and Server',
        apache: 'replaced',
        postern: 'kept',
        why: 'RFC 9110 6.6.1: a cache that answers for somebody else needs its Date.',
        seen: [
          ['field date', 'now', 'Sun, 06 Nov 1994 08:49:37 GMT', 'fields-of-the-server'],
          ['field server', 'Apache/N', 'mine/1', 'fields-of-the-server'],
        ],
      },
      {
        what: 'Content-Type with 204 and 304',
        apache: 'dropped',
        postern: 'kept',
        why: 'RFC 9110 8.3 allows it, and it does no harm.',
        seen: [['field content-type', absent, 'text/plain', 'status-204-body', 'status-304-body']],
      },
      {
        what: 'A program that does not read its body',
        apache: 'its answer is cut off: mod_cgid’s sockets are reset',
        postern: 'answered',
        why: 'RFC 3875 4.2: a program need not read it.',
        seen: [
          ['ending', 'broken off', 'whole', 'POST to what reads nothing', 'POST with Expect to what reads nothing'],
        ],
      },
      {
        what: '`/dev/stdin`, `/dev/stdout`, `/dev/stderr` opened by name',
        apache: '500: mod_cgid’s are sockets',
        postern: 'they work',
        why: 'Postern gives programs pipes and files.',
        seen: [['answer', `500${page}`, '200', 'standard-files']],
      },
    ],
  },
  {
    title: 'NPH programs (RFC 3875 5)',
    differences: [
      {
        what: 'An NPH program’s answer',
        apache: 'sent as it is, whatever it is',
        postern: 'read, then sent as any other answer',
        why: 'LF for CRLF, a head that is none, a body after HEAD, two framings: what is sent as it is breaks the connection for others. Date is added.',
        seen: [
          ['field date', absent, 'now', ...nphPrograms, 'HEAD of an NPH answer'],
          ['answer', 'something that is not HTTP', '200', 'nph-lf'],
          ['answer', 'something that is not HTTP', `502${page}`, 'nph-no-status-line', 'status-100'],
          ['body', 'hello\n', '', 'HEAD of an NPH answer'],
          ['ending', 'broken off', 'whole', 'HEAD of an NPH answer'],
        ],
      },
      {
        what: 'An NPH program’s body without Content-Type',
        apache: 'sent',
        postern: "502, or text/plain with `untyped: 'plain'`",
        why: 'The same rule as for every other program (CVE-2020-24553).',
        seen: [['answer', '200', `502${page}`, 'nph-untyped']],
      },
      {
        what: 'An interim answer (103) of an NPH program',
        apache: 'sent',
        postern: 'dropped',
        why: 'Many clients of HTTP/1.1 take it for the answer.',
        seen: [['interim answers', '103', absent, 'nph-interim']],
      },
    ],
  },
]
