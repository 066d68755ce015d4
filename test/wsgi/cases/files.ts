// wsgi.file_wrapper.

import type { Cases, Expected, WsgiCase } from '../case.ts'

const section = 'PEP 3333 Optional Platform-Specific File Handling'
const content = Array.from({ length: 20000 }, (_, line) => `line ${String(line).padStart(6, '0')}\n`).join('')
const tenDigits = '0123456789'.repeat(3000)

function sends(rule: string, body: string, expected: Expected = {}): WsgiCase {
  return { title: `${section}: ${rule}`, expected: { status: '200', body, ending: 'whole', ...expected } }
}

export const files: Cases = {
  'files/whole': sends('a file is sent whole', content),
  'files/whole-with-length': sends('a file is sent whole, with the Content-Length of the application', content, {
    'field content-length': String(content.length),
  }),
  'files/offset': sends('it is sent from the position that the file has', content.slice(-24)),
  'files/offset-with-length': sends('no more of it is sent than Content-Length says', content.slice(12, 24), {
    'field content-length': '12',
  }),
  'files/read-first': sends(
    'it is sent from where the file object has been read to, not its descriptor',
    content.slice(12),
  ),
  'files/at-end': sends('a file that is at its end is an empty body', ''),
  'files/too-long': {
    title: `${section}: a file with less than Content-Length says breaks the answer off`,
    expected: { status: '200', ending: 'broken off' },
  },
  'files/block': sends('a block size does not change what is sent', content),
  'files/in-memory': sends('what has no descriptor is sent too', tenDigits),
  'files/file-like': sends('an object with nothing but read() and close() is sent, and closed', tenDigits, {
    notes: 'closed',
  }),
  'files/read-only': sends('close() is optional', tenDigits),
  'files/close': sends('close() is called after it was sent', content, { notes: 'closed' }),
  'files/close-length': sends('close() is called where Content-Length ends it early', content.slice(0, 12), {
    notes: 'closed',
  }),
  'files/head': {
    title: `${section}: for HEAD it is not sent, but closed`,
    request: { method: 'HEAD' },
    expected: { status: '200', 'field content-length': String(content.length), body: '', notes: 'closed' },
  },
  'files/iterated': sends('it is an iterable like any other', content),
  'files/passed-through': sends('a middleware may change what it yields', content.toUpperCase()),
  'files/unused': sends('one that is made and not returned is not sent', 'something else'),
  'files/after-write': sends('what was written comes before it', `before\n${content.slice(-12)}`),
}
