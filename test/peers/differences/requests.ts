// Differences in which requests are refused.

import { page, type Section } from './difference.ts'

export const requests: readonly Section[] = [
  {
    title: 'Which requests are refused',
    differences: [
      {
        what: 'Requests that cannot be read',
        apache: '400 with a page',
        postern: '400 without a body',
        why: 'Node’s parser refuses them before there is a request. Browsers send none.',
        seen: [
          [
            'answer',
            `400${page}`,
            '400',

            'field name with a space',
            'field with a control character',
            'field without a colon',
            'POST chunked wrongly',
            'POST of another coding',
            'POST of two lengths',
            'POST of one length, twice',
            'POST of a bad length',
            'method not a token',
            'target: not a path',
            'target: raw space',
            'version not HTTP',
          ],
          ['answer', `405${page}`, '405', 'CONNECT'],
          ['answer', `417${page}`, '417', 'POST with another Expect'],
        ],
      },
      {
        what: 'A folded field',
        apache: 'unfolded',
        postern: '400',
        why: 'RFC 9112 5.2: a server must do one or the other; folding has been used to smuggle.',
        seen: [['answer', '200', '400', 'field folded']],
      },
      {
        what: 'Chunked and a Content-Length',
        apache: 'the length is dropped',
        postern: '400',
        why: 'RFC 9112 6.1: two servers could read it differently (CVE-2022-32213).',
        seen: [['answer', '200', '400', 'POST chunked and with a length']],
      },
      {
        what: 'Another transfer coding before chunked',
        apache: 'not undone: the program gets the coded body',
        postern: '501',
        why: 'RFC 9112 6.1.',
        seen: [['answer', '200', '501', 'POST of two codings']],
      },
      {
        what: 'Content-Type twice',
        apache: 'both, joined with a comma',
        postern: '400',
        why: 'RFC 9110 8.3: it is one type. Which one a filter in front believed cannot be known.',
        seen: [['answer', '200', '400', 'POST of two types']],
      },
      {
        what: 'A method that is not registered',
        apache: 'passed on to the program; 501 for a file',
        postern: '400',
        why: 'Node’s parser knows the registered methods alone, and methods are case-sensitive.',
        seen: [
          ['answer', '200', '400', 'method unknown', 'method in small letters'],
          ['answer', `501${page}`, '400', 'file: unknown method'],
        ],
      },
      {
        what: 'TRACE',
        apache: '200, with the request’s fields in the body',
        postern: '405',
        why: 'It shows cookies and credentials to whoever can send it.',
        seen: [['answer', '200', `405${page}`, 'TRACE']],
      },
      {
        what: 'A version that is neither HTTP/1.0 nor HTTP/1.1',
        apache: 'taken for HTTP/1.1',
        postern: '505',
        why: 'RFC 9110 15.6.6.',
        seen: [['answer', '200', '505', 'version unknown']],
      },
      {
        what: 'An empty Host',
        apache: '400',
        postern: 'answered, with the server’s address as SERVER_NAME',
        why: 'RFC 9110 7.2 allows it.',
        seen: [['answer', `400${page}`, '200', 'Host: empty']],
      },
      {
        what: 'Large fields',
        apache: '400 above 8190 bytes in one field or 100 fields',
        postern: '431 above 32 KiB in all (`maxHeader`) or 100 fields (`maxFields`)',
        why: 'RFC 6585 5. Tokens of single sign-on are larger than 8 KiB.',
        seen: [
          ['answer', `400${page}`, '200', 'fields: one of 10 kB'],
          ['answer', `400${page}`, '431', 'fields: too large', 'fields: too many'],
        ],
      },
      {
        what: 'The words for 414',
        apache: '`Request-URI Too Long`',
        postern: '`URI Too Long`',
        why: 'RFC 9110 15.5.15.',
        seen: [['reason', 'Request-URI Too Long', 'URI Too Long', 'target: too long']],
      },
      {
        what: '`OPTIONS *`, and OPTIONS of a file',
        apache: '200 with an empty body',
        postern: '204',
        why: 'RFC 9110 9.3.7 leaves it open.',
        seen: [['answer', '200', '204', 'OPTIONS *', 'file: OPTIONS']],
      },
      {
        what: 'POST to a file',
        apache: 'the file, as with GET',
        postern: '405',
        why: 'RFC 9110 15.5.6. Allow names GET, HEAD and OPTIONS.',
        seen: [
          ['answer', '200', `405${page}`, 'file: POST'],
          [
            `field allow of a page of the server`,
            'GET, HEAD, OPTIONS, POST, TRACE',
            'GET, HEAD, OPTIONS',
            'file: PUT',
            'file: DELETE',
          ],
        ],
      },
    ],
  },
]
