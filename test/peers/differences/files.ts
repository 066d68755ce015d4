// Differences in what is found and how files are sent.

import { absent } from '../compare.ts'
import { page, type Section } from './difference.ts'

export const files: readonly Section[] = [
  {
    title: 'Programs and files that are found or not',
    differences: [
      {
        what: 'A program without the execute permission',
        apache: '500',
        postern: '403',
        why: 'It is a matter of permission. The log says what to do.',
        seen: [
          ['answer', `500${page}`, `403${page}`, 'program not executable', 'program not executable, outside cgi-bin'],
        ],
      },
      {
        what: 'Names that begin with a dot',
        apache: 'served, but for `.ht*`',
        postern: '404, but for `.well-known`',
        why: '`.git` and `.env` are there by accident and hold secrets.',
        seen: [['answer', '200', `404${page}`, 'program with a dot', 'file: dot', 'file: in a folder with a dot']],
      },
      {
        what: 'A folder of programs without a slash at the end',
        apache: '301 to the folder, which is 403',
        postern: '403',
        why: 'One answer is enough.',
        seen: [['answer', `301${page}`, `403${page}`, 'program folder, no slash', 'program subfolder, no slash']],
      },
      {
        what: 'The redirect to a folder’s name with a slash',
        apache: 'with scheme and host',
        postern: 'the path alone',
        why: 'RFC 9110 10.2.2: it stays right behind a proxy, and Host cannot change it.',
        seen: [
          [
            'field location of a page of the server',
            'http://127.0.0.1:PORT/folder/?x=y',
            '/folder/?x=y',
            'folder: no slash',
          ],
          [
            'field location of a page of the server',
            'http://127.0.0.1:PORT/programs/?x=y',
            '/programs/?x=y',
            'script as index, no slash',
          ],
        ],
      },
      {
        what: 'Content-Type of a file: charset',
        apache: 'none (Debian: AddDefaultCharset off)',
        postern: '`utf-8` where the file is UTF-8',
        why: 'Without it browsers guess; a wrong one would win over the page’s own.',
        seen: [
          ['field content-type', 'text/html', 'text/html; charset=utf-8'],
          ['field content-type', 'text/plain', 'text/plain; charset=utf-8'],
          ['field content-type', 'text/css', 'text/css; charset=utf-8', 'file: style sheet'],
          ['field content-type', 'application/json', 'application/json; charset=utf-8', 'file: JSON'],
        ],
      },
      {
        what: 'Content-Type of a file that the list of types does not know',
        apache: 'none; the list is the system’s, /etc/mime.types',
        postern: 'application/octet-stream; the list is its own, mime-db',
        why: 'What is not known is not guessed by the browser either.',
        seen: [
          ['field content-type', absent, 'application/octet-stream', 'file: without an extension'],
          ['field content-type', absent, 'application/x-perl', 'file: program source'],
        ],
      },
      {
        what: 'ETag of a file',
        apache: 'strong',
        postern: 'weak',
        why: 'It is made of size and time, which cannot promise the same bytes (RFC 9110 8.8.3).',
        seen: [['field etag', '"N-N"', 'W/"N-N"']],
      },
      {
        what: 'Two ranges of a file in one request',
        apache: '206 in parts',
        postern: '200, the whole file',
        why: 'RFC 9110 14.2 leaves it open, CVE-2011-3192 speaks against it, and few clients ask.',
        seen: [['answer', '206', '200', 'file: Range of two parts']],
      },
      {
        what: '412 and 416 for a file',
        apache: '412 without a body, with the file’s fields; 416 with a page',
        postern: 'the status as text',
        why: 'Only programs get them.',
        seen: [
          ['answer', `416${page}`, '416', 'file: Range past the end'],
          ['body', '', '412\n', 'file: not unmodified', 'file: If-Match of another'],
          ['field x-content-type-options', absent, 'nosniff', 'file: not unmodified', 'file: If-Match of another'],
          ['field etag', '"N-N"', absent, 'file: not unmodified', 'file: If-Match of another'],
          ['field accept-ranges', 'bytes', absent, 'file: not unmodified', 'file: If-Match of another'],
          [
            'field last-modified',
            'Tue, 05 Mar 2024 06:07:08 GMT',
            absent,
            'file: not unmodified',
            'file: If-Match of another',
          ],
        ],
      },
    ],
  },
  {
    title: 'Every answer',
    differences: [
      {
        what: 'Server',
        apache: 'its name and version',
        postern: 'not sent',
        why: 'RFC 9110 10.2.4: nobody needs it but those who look for old versions.',
        seen: [
          ['field server', 'Apache/N', absent],
          ['field server of a page of the server', 'Apache/N', absent],
        ],
      },
      {
        what: 'The server’s own pages',
        apache: 'Latin-1',
        postern: 'UTF-8, never stored, with a Content-Security-Policy and nosniff',
        why: 'An error should not outlive its cause, and its page runs nothing. With HEAD its length is told.',
        seen: [
          ['field content-type of a page of the server', 'text/html; charset=iso-8859-1', 'text/html; charset=utf-8'],
          ['field cache-control of a page of the server', absent, 'no-store'],
          ['field x-content-type-options of a page of the server', absent, 'nosniff'],
          [
            'field content-security-policy of a page of the server',
            absent,
            "default-src 'none'; style-src 'unsafe-inline'",
          ],
          ['field content-length of a page of the server', absent, 'N', 'file: HEAD of a missing one'],
        ],
      },
    ],
  },
]
