// KIND:ADDRESS, as people write it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemdDescriptors } from '../../src/config/inherited-sockets.ts'
import { parseListenAddress, parseSocketAddress } from '../../src/config/listen-address.ts'

test('Postern: addresses of sockets: a file, a host with a port, a descriptor, systemd', () => {
  assert.deepEqual(parseSocketAddress('unix:/run/a b.sock'), { kind: 'unix', path: '/run/a b.sock' })
  assert.deepEqual(parseSocketAddress('127.0.0.1:9000'), { kind: 'tcp', host: '127.0.0.1', port: 9000 })
  assert.deepEqual(parseSocketAddress('localhost:0'), { kind: 'tcp', host: 'localhost', port: 0 })
  assert.deepEqual(parseSocketAddress('[::1]:9000'), { kind: 'tcp', host: '::1', port: 9000 })
  assert.deepEqual(parseSocketAddress('fd:0'), { kind: 'fd', fd: 0 })
  assert.deepEqual(parseSocketAddress('systemd'), { kind: 'systemd', name: undefined })
  assert.deepEqual(parseSocketAddress('systemd:web'), { kind: 'systemd', name: 'web' })
  assert.deepEqual(parseListenAddress('uwsgi:unix:/a'), { protocol: 'uwsgi', address: { kind: 'unix', path: '/a' } })
})

const wrong: readonly (readonly [text: string, message: RegExp])[] = [
  ['127.0.0.1:9000', /protocol is missing.*write fastcgi:127\.0\.0\.1:9000, or http, scgi or uwsgi/],
  ['unix:/p', /write fastcgi:unix:\/p,/],
  ['/p', /write fastcgi:unix:\/p,/],
  ['systemd', /write fastcgi:systemd,/],
  ['http://127.0.0.1:80/', /without slashes, as in 127\.0\.0\.1:80/],
  ['ftp:127.0.0.1:9000', /KIND is http/],
  ['fastcgi', /KIND:ADDRESS/],
  ['fastcgi:', /unix:\/path, HOST:PORT/],
  ['fastcgi:9000', /127\.0\.0\.1:9000/],
  ['fastcgi:/run/a.sock', /written unix:\/run\/a\.sock/],
  ['fastcgi:unix:', /the path of the socket file/],
  [`fastcgi:unix:/${'a'.repeat(200)}`, /at most \d+ bytes/],
  ['fastcgi:::1', /\[::1\]:9000/],
  ['fastcgi:[localhost]:9000', /IPv6/],
  ['fastcgi:a.example:70000', /65535/],
  ['fastcgi:a.example', /HOST:PORT/],
  ['fastcgi:fd:x', /fd:0/],
  ['fastcgi:systemd:', /FileDescriptorName/],
]

for (const [text, message] of wrong) {
  test(`Postern: ${text.slice(0, 40)} is no address, and the error says why`, () => {
    assert.throws(
      () => parseListenAddress(text),
      (error) => error instanceof TypeError && message.test(error.message),
    )
  })
}

test('Postern: systemd’s sockets are descriptors from 3 on, all or by name, and only for the process that they are for', () => {
  const own = { LISTEN_PID: String(process.pid), LISTEN_FDS: '3', LISTEN_FDNAMES: 'web:app:web' }
  assert.deepEqual(systemdDescriptors(undefined, own), [3, 4, 5])
  assert.deepEqual(systemdDescriptors('web', own), [3, 5])
  assert.throws(() => systemdDescriptors('none', own), /"none".*web:app:web/)
  assert.throws(() => systemdDescriptors(undefined, {}), /\.socket unit/)
  assert.throws(() => systemdDescriptors(undefined, { ...own, LISTEN_PID: '1' }), /not a shell or npm/)
})
