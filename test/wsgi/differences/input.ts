// Differences in wsgi.input.

import type { Section } from './difference.ts'

export const input: Section = {
  title: 'wsgi.input',
  differences: [
    {
      what: 'read(0) and readline(0)',
      rule: 'nothing',
      servers: { uwsgi: 'all of it' },
      why: 'As of every file of Python. uWSGI takes 0 for “all of it”.',
      seen: [
        ['uwsgi', 'body', '["hello", "", "", ""]', 'inputs/read-zero'],
        ['uwsgi', 'body', '["one\\n", "two\\n", "three", ""]', 'inputs/readline-size'],
      ],
    },
    {
      what: 'A chunked body',
      rule: 'comes without its framing',
      servers: { uwsgi: 'nothing comes' },
      why: 'RFC 9112 7.1: a recipient must be able to decode it. uWSGI has functions of its own for it.',
      seen: [
        ['uwsgi', 'body', '[""]', 'inputs: chunked'],
        ['uwsgi', 'body', '[]', 'inputs: chunked lines'],
        ['uwsgi', 'body', '["", "", "", ""]', 'inputs: chunked past the end'],
        [
          'uwsgi',
          'body',
          '["0", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]',
          'inputs: large and chunked',
        ],
        ['uwsgi', 'body', '[false, ""]', 'inputs/terminated'],
      ],
    },
    {
      what: 'Expect: 100-continue',
      rule: '100 when the application first reads, and not where it never does',
      servers: { gunicorn: '100 always', uwsgi: 'no 100', waitress: '100 always' },
      why: 'PEP 3333, HTTP 1.1 Expect/Continue, allows this, 100 at once, and none; by this one a body that is not wanted is not sent. uWSGI needs `http-manage-expect`.',
      seen: [
        ['gunicorn', 'answer', 'HTTP/1.1 100', 'inputs/expect-unread', 'inputs/expect-large-unread'],
        ['uwsgi', 'interim', '', 'inputs/expect', 'inputs/expect-large'],
        ['waitress', 'answer', 'HTTP/1.1 100', 'inputs/expect-unread', 'inputs/expect-large-unread'],
      ],
    },
    {
      what: 'Expect of a client of HTTP/1.0',
      rule: 'no 100',
      servers: { gunicorn: '100' },
      why: 'RFC 9110 10.1.1: that client does not know interim answers.',
      seen: [['gunicorn', 'interim answers', '100', 'inputs: expect of HTTP/1.0']],
    },
    {
      what: 'A body whose client leaves in the middle',
      rule: 'reading it is an error',
      servers: { gunicorn: 'it ends as if it were whole' },
      why: 'The application would take a part for the whole.',
      seen: [['gunicorn', 'notes', 'called, read 5', 'inputs/broken']],
    },
    {
      what: 'A large body',
      rule: 'can be read while it comes',
      servers: { waitress: 'taken in first' },
      why: 'PEP 3333 lets a server take it in first; but then nothing can be answered before its end.',
      seen: [['waitress', 'first', '', 'inputs/by-parts']],
    },
  ],
}
