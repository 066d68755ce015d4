// wsgi.errors, and applications that fail.

import type { Cases, Expected, WsgiCase } from '../case.ts'
import type { Stage } from '../stage.ts'

const streams = 'PEP 3333 Input and Error Streams'
const errors = 'PEP 3333 Error Handling'

function says(rule: string, log: string): WsgiCase {
  return { title: `${streams}: ${rule}`, log, expected: { status: '200', body: 'said', log: 'written' } }
}

/** What the client got, and whether the next one is answered. */
async function thenFine({ target, ask, until }: Stage): Promise<Record<string, string>> {
  const seen = await ask({ target })
  const next = await until('fine', async () => (await ask({ target: '/failures/fine' })).get('body') ?? 'nothing')
  return { ...Object.fromEntries(seen), next }
}

function fails(title: string, expected: Expected, log?: string): WsgiCase {
  return { title, story: thenFine, ...(log === undefined ? {} : { log }), expected: { ...expected, next: 'fine' } }
}

export const failures: Cases = {
  'logs/write': {
    ...says('', 'pep-write'),
    title: 'Postern: what is written to wsgi.errors is in the log also where it is not flushed',
  },
  'logs/flush': says('what is written to wsgi.errors and flushed is in the log', 'pep-flushed'),
  'logs/writelines': says('wsgi.errors takes lines', 'pep-lines two'),
  'logs/print': says('print() can write to wsgi.errors', 'pep-print 12'),
  'logs/wide': says('wsgi.errors takes every character', 'pep-wide'),
  'logs/unended': { ...says('', 'pep-unended'), title: 'Postern: a line of wsgi.errors without an end is not lost' },
  'failures/before': fails(
    `${errors}: an exception before start_response is 500, the traceback in the log, and the next request fine`,
    { status: '500', body: /^(?![^]*secret-before)/ },
    'secret-before',
  ),
  'failures/after-start': fails(
    `${errors}: an exception after start_response and before the body is 500`,
    { status: '500', body: /^(?![^]*secret-started)/ },
    'secret-started',
  ),
  'failures/first': fails(
    `${errors}: an exception in the first step of the iteration is 500`,
    { status: '500', body: /^(?![^]*secret-first)/ },
    'secret-first',
  ),
  'failures/middle': fails(
    `${errors}; RFC 9112 8: an exception in the middle of the body breaks the answer off`,
    { status: '200', body: /^one$/, ending: 'broken off' },
    'secret-middle',
  ),
  'failures/middle-with-length': fails(
    `${errors}; RFC 9112 8: an exception before Content-Length is reached breaks the answer off`,
    { status: '200', body: /^one$/, ending: 'broken off' },
    'secret-length',
  ),
  'failures/wrong-arguments': fails(`${errors}: an application that cannot be called is 500`, { status: '500' }),
  'failures/system-exit': fails('Postern: SystemExit is an exception of the application: 500', { status: '500' }),
  'failures/system-exit-in-middle': fails('Postern: SystemExit in the middle of the body breaks the answer off', {
    ending: 'broken off',
  }),
  'failures/keyboard-interrupt': fails('Postern: KeyboardInterrupt is an exception of the application: 500', {
    status: '500',
  }),
  'failures/ends': fails('RFC 9110 15.6.3: a process that ends is 502, and a new one answers the next request', {
    status: '502',
  }),
  'failures/ends-in-middle': fails('RFC 9112 8: a process that ends in the middle breaks the answer off', {
    status: '200',
    ending: 'broken off',
  }),
  'failures/ends-unframed': fails(
    'RFC 9112 8: a process that ends in the middle of an answer of unknown length breaks it off',
    { status: '200', ending: 'broken off' },
  ),
}
