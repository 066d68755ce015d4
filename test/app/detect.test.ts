// How a program finds out how it was started, from surroundings that the test makes up.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detectStart, type Surroundings } from '../../src/app/detect.ts'

const cgi = { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET' }

interface Given {
  readonly words?: readonly string[]
  readonly environment?: NodeJS.ProcessEnv
  readonly zero?: boolean | undefined
  readonly listen?: string | readonly string[]
}

/** `cgi`, or the addresses. */
function startOf(given: Given): string {
  const surroundings: Surroundings = {
    words: given.words ?? [],
    environment: given.environment ?? {},
    pid: 77,
    isListening: () => ('zero' in given ? given.zero : false),
  }
  const start = detectStart(given.listen, surroundings)
  return start.kind === 'cgi' ? 'cgi' : start.addresses.join(' ')
}

test('Postern: without any sign a program serves HTTP, on this machine alone, where PORT and HOST say', () => {
  assert.equal(startOf({}), 'http:127.0.0.1:3000')
  assert.equal(startOf({ environment: { PORT: '8080' } }), 'http:127.0.0.1:8080')
  assert.equal(startOf({ environment: { PORT: '0', HOST: '::1' } }), 'http:[::1]:0')
  assert.equal(startOf({ environment: { HOST: '0.0.0.0', PORT: '' } }), 'http:0.0.0.0:3000')
  assert.throws(() => startOf({ environment: { PORT: '\\\\.\\pipe\\x' } }), /PORT is a number/)
})

test('RFC 3875 4.1.4: GATEWAY_INTERFACE with a REQUEST_METHOD is a CGI program', () => {
  assert.equal(startOf({ environment: cgi }), 'cgi')
  assert.equal(startOf({ environment: { ...cgi, GATEWAY_INTERFACE: 'CGI/1.2' } }), 'cgi')
  // A shell in which somebody has set it.
  assert.equal(startOf({ environment: { GATEWAY_INTERFACE: 'CGI/1.1' } }), 'http:127.0.0.1:3000')
})

test('FastCGI 2.2: a socket that listens on descriptor 0 is a FastCGI program, also below a CGI program', () => {
  assert.equal(startOf({ zero: true }), 'fastcgi:fd:0')
  assert.equal(startOf({ zero: true, environment: cgi }), 'fastcgi:fd:0')
  // mod_cgid gives CGI programs a connection; nobody can say what it is on other systems.
  assert.equal(startOf({ zero: false, environment: cgi }), 'cgi')
  assert.equal(startOf({ zero: undefined, environment: cgi }), 'cgi')
  assert.equal(startOf({ zero: undefined }), 'fastcgi:fd:0')
})

test('systemd, sd_listen_fds: sockets for this process are taken, each by the kind that its name says', () => {
  const sockets = { LISTEN_PID: '77', LISTEN_FDS: '4', LISTEN_FDNAMES: 'web:my-fastcgi.socket:scgi:uwsgi' }
  assert.equal(startOf({ environment: sockets }), 'http:fd:3 fastcgi:fd:4 scgi:fd:5 uwsgi:fd:6')
  assert.equal(startOf({ environment: { LISTEN_PID: '77', LISTEN_FDS: '1' } }), 'http:fd:3')
  assert.equal(startOf({ environment: { ...sockets, LISTEN_PID: '78' } }), 'http:127.0.0.1:3000')
  assert.equal(startOf({ environment: { ...sockets, LISTEN_FDS: '-1' } }), 'http:127.0.0.1:3000')
  assert.equal(startOf({ environment: { ...sockets, LISTEN_FDS: '1e9' } }), 'http:127.0.0.1:3000')
})

test('Postern: --listen wins over POSTERN_LISTEN, that over the option, and all over what can be seen', () => {
  const environment = { ...cgi, POSTERN_LISTEN: 'scgi:127.0.0.1:4000, http:127.0.0.1:4001' }
  assert.equal(startOf({ environment, listen: 'cgi', zero: true }), 'scgi:127.0.0.1:4000 http:127.0.0.1:4001')
  assert.equal(startOf({ listen: ['uwsgi:unix:/run/a'], zero: true }), 'uwsgi:unix:/run/a')
  assert.equal(startOf({ listen: 'cgi', zero: true }), 'cgi')
  const words = ['--own', '--listen', 'fastcgi:fd:0', '--listen=http:127.0.0.1:1', '--', '--listen', 'no']
  assert.equal(startOf({ words, environment: { POSTERN_LISTEN: 'cgi' } }), 'fastcgi:fd:0 http:127.0.0.1:1')
  assert.throws(() => startOf({ words: ['--listen'] }), /--listen takes KIND:ADDRESS/)
  assert.throws(() => startOf({ listen: ['cgi', 'http:127.0.0.1:1'] }), /"cgi" stands alone/)
})

test('CVE-2012-1823: RFC 3875 4.4: words of a CGI program are the client’s, and never open a socket', () => {
  assert.equal(startOf({ environment: cgi, words: ['--listen', 'http:0.0.0.0:80'] }), 'cgi')
  assert.equal(startOf({ environment: cgi, words: ['--listen=http:0.0.0.0:80'] }), 'cgi')
})
