// Differences in connections, the log and failures.

import type { Section } from './difference.ts'

export const rest: Section = {
  title: 'Connections, the log, failures',
  differences: [
    {
      what: 'Keeping a connection',
      rule: 'kept',
      servers: { uwsgi: 'closed after each answer', waitress: 'not after an answer of unknown length' },
      why: 'RFC 9112 9.3. uWSGI needs `http-keepalive`; waitress closes after an answer of unknown length.',
      seen: [
        [
          'uwsgi',
          'bodies',
          'one-answer',
          'connections: kept',
          'connections: kept after an unknown length',
          'connections: pipelined',
        ],
        ['waitress', 'bodies', 'one-answer', 'connections: kept after an unknown length'],
        ['waitress', 'bodies', 'one-answer, two-answer', 'connections: pipelined'],
      ],
    },
    {
      what: 'Requests that come at once',
      rule: 'answered in order',
      servers: { gunicorn: 'the first is answered' },
      why: 'RFC 9112 9.3.2: a client may send them so.',
      seen: [['gunicorn', 'bodies', 'one-answer', 'connections: pipelined']],
    },
    {
      what: 'The body that comes of write() in a head that was replaced',
      rule: 'as written',
      servers: { uwsgi: 'lost' },
      why: 'See the head that is replaced by means of exc_info.',
      seen: [['uwsgi', 'body', '', 'validated/everything']],
    },
    {
      what: 'A line of wsgi.errors without flush(), or without an end',
      rule: 'in the log',
      servers: { uwsgi: 'only after flush()' },
      why: 'PEP 3333 lets a server keep it until flush(); but the application’s last words are those that matter.',
      seen: [['uwsgi', 'log', 'not written', 'logs/write', 'logs/unended']],
    },
    {
      what: 'An exception before start_response()',
      rule: '500',
      servers: { uwsgi: 'the connection is closed' },
      why: 'RFC 9110 15.6.1: a closed connection says nothing.',
      seen: [['uwsgi', 'status', 'nothing', 'failures/before', 'failures/wrong-arguments']],
    },
    {
      what: 'SystemExit and KeyboardInterrupt in an application',
      rule: '500; the worker lives',
      servers: { gunicorn: 'nothing is answered', uwsgi: 'nothing is answered', waitress: 'nothing is answered' },
      why: 'One request must not end those beside it. The thread of gunicorn and waitress ends, and the client waits for ever.',
      seen: [
        ['gunicorn', 'status', 'nothing', 'failures/system-exit', 'failures/keyboard-interrupt'],
        ['uwsgi', 'status', 'nothing', 'failures/system-exit', 'failures/keyboard-interrupt'],
        ['waitress', 'status', 'nothing', 'failures/system-exit', 'failures/keyboard-interrupt'],
      ],
    },
    {
      what: 'os._exit() in an application',
      rule: '502, and a new worker',
      servers: {
        gunicorn: 'the connection is closed; a new worker',
        uwsgi: 'the connection is closed; a new worker',
        waitress: 'the connection is closed; nobody listens any more',
      },
      why: 'The server is not the worker. waitress is, and is gone.',
      seen: [
        ['gunicorn', 'status', 'nothing', 'failures/ends'],
        ['uwsgi', 'status', 'nothing', 'failures/ends'],
        ['waitress', 'status', 'nothing', 'failures/ends'],
        ['waitress', 'next', 'nothing', 'failures/ends', 'failures/ends-in-middle', 'failures/ends-unframed'],
      ],
    },
  ],
}
