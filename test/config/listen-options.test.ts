// Who may connect, and what a web server in front may add for scripts, where nobody says more.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAllowedPeers, readSocketOwner, socketFields } from '../../src/config/listen-options.ts'

test('Security: over TCP only this machine may connect where nothing else is allowed (open port 9000)', () => {
  for (const protocol of ['fastcgi', 'scgi', 'uwsgi']) {
    assert.deepEqual(readAllowedPeers(protocol, undefined), ['127.0.0.0/8', '::1'])
    assert.deepEqual(readAllowedPeers(protocol, ['10.0.0.7']), ['10.0.0.7'])
  }
})

test('FastCGI 3.2: FCGI_WEB_SERVER_ADDRS says which web servers may connect, by FastCGI', () => {
  const before = process.env['FCGI_WEB_SERVER_ADDRS']
  try {
    process.env['FCGI_WEB_SERVER_ADDRS'] = '199.170.183.28, 199.170.183.71'
    assert.deepEqual(readAllowedPeers('fastcgi', undefined), ['199.170.183.28', '199.170.183.71'])
    assert.deepEqual(readAllowedPeers('scgi', undefined), ['127.0.0.0/8', '::1'])
  } finally {
    if (before === undefined) delete process.env['FCGI_WEB_SERVER_ADDRS']
    else process.env['FCGI_WEB_SERVER_ADDRS'] = before
  }
})

function isTaken(name: string): boolean {
  return socketFields['passVariables']?.safeParse([name]).success === true
}

test('CVE-2020-11984, CVE-2017-17562: what steers programs cannot be named to come from a web server in front', () => {
  for (const name of ['GIT_PROJECT_ROOT', 'GIT_HTTP_EXPORT_ALL', 'GITWEB_CONFIG', 'SITE'])
    assert.ok(isTaken(name), name)
  const steering = [
    'LD_PRELOAD',
    'UWSGI_FILE',
    'PHP_VALUE',
    'GIT_SSH_COMMAND',
    'JAVA_TOOL_OPTIONS',
    'LISTEN_FDS',
    'SCGI',
  ]
  for (const name of [...steering, 'HTTP_HOST', 'SCRIPT_FILENAME']) assert.ok(!isTaken(name), name)
})

test('Postern: the owner of a socket is written as for chown: a user, both, or :GROUP alone', () => {
  assert.deepEqual(readSocketOwner('0:7'), { user: 0, group: 7 })
  assert.deepEqual(readSocketOwner('root:root'), { user: 0, group: 0 })
  assert.deepEqual(readSocketOwner('root'), { user: 0, group: 0 })
  // -1 is chown(2)'s word for whoever it is.
  assert.deepEqual(readSocketOwner(':root'), { user: -1, group: 0 })
  assert.deepEqual(readSocketOwner(':7'), { user: -1, group: 7 })
  for (const wrong of ['', ':', 'root:', 'a:b:c'])
    assert.throws(() => readSocketOwner(wrong), /it is USER, USER:GROUP or :GROUP/)
  assert.throws(() => readSocketOwner(':no-such-group-here'), /the group of ":no-such-group-here" is not known/)
})
