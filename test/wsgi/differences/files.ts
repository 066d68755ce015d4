// Differences in wsgi.file_wrapper.

import type { Section } from './difference.ts'

export const files: Section = {
  title: 'wsgi.file_wrapper',
  differences: [
    {
      what: 'A file that is not at its start',
      rule: 'sent from where it is',
      servers: { gunicorn: 'its first bytes are sent, and no more than are left', uwsgi: 'sent from its start' },
      why: 'PEP 3333: “transmission should begin at the current position”.',
      seen: [
        ['gunicorn', 'body', 'line 000000\nline 000001\n', 'files/offset'],
        ['gunicorn', 'body', 'line 000000\n', 'files/offset-with-length'],
        ['gunicorn', 'body', 'line 000000\nline 000001\nline 000002\nline… (235904 bytes)', 'files/read-first'],
        ['gunicorn', 'ending', 'broken off', 'files/at-end'],
        ['gunicorn', 'body', 'before\nline 000000\n', 'files/after-write'],
        [
          'uwsgi',
          'body',
          'line 000000\nline 000001\nline 000002\nline… (240000 bytes)',
          'files/offset',
          'files/offset-with-length',
          'files/read-first',
          'files/at-end',
        ],
        ['uwsgi', 'ending', 'broken off', 'files/offset-with-length'],
        ['uwsgi', 'body', 'before\nline 000000\nline 000001\nline 0000… (240007 bytes)', 'files/after-write'],
      ],
    },
    {
      what: 'write() before a file',
      rule: 'both are sent',
      servers: { waitress: 'the file is lost' },
      why: 'The file takes the place of all that was to come, and its length is taken for that of the answer.',
      seen: [
        ['waitress', 'body', 'before\n', 'files/after-write'],
        ['waitress', 'ending', 'broken off', 'files/after-write'],
      ],
    },
    {
      what: 'A file longer than Content-Length',
      rule: 'no more than that is sent',
      servers: { uwsgi: 'all of it is sent' },
      why: 'What is too much is taken for the next answer.',
      seen: [
        ['uwsgi', 'body', 'line 000000\nline 000001\nline 000002\nline… (240000 bytes)', 'files/close-length'],
        ['uwsgi', 'ending', 'broken off', 'files/close-length'],
      ],
    },
    {
      what: 'A file shorter than Content-Length',
      rule: 'the answer is broken off',
      servers: { gunicorn: 'Content-Length is corrected', waitress: 'Content-Length is corrected' },
      why: 'PEP 3333: the client must see that something is missing. These correct Content-Length, and nobody learns of it.',
      seen: [
        ['gunicorn', 'ending', 'whole', 'files/too-long'],
        ['waitress', 'ending', 'whole', 'files/too-long'],
      ],
    },
  ],
}
