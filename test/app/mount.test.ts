// What is taken off a path, by the variables of web servers.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mountOf, pathBehind } from '../../src/app/mount.ts'

function mount(variables: Readonly<Record<string, string>>, always?: boolean): string {
  return mountOf(new Map(Object.entries(variables)), always, (path) => path === '/srv/app.mjs')
}

test('RFC 3875 4.1.13: SCRIPT_NAME is a mount where PATH_INFO follows it, or where it is this program', () => {
  assert.equal(mount({ SCRIPT_NAME: '/cgi-bin/app.mjs', PATH_INFO: '/hello' }), '/cgi-bin/app.mjs')
  assert.equal(mount({ SCRIPT_NAME: '/cgi-bin/app.mjs', SCRIPT_FILENAME: '/srv/app.mjs' }), '/cgi-bin/app.mjs')
  // nginx, fastcgi_params: the whole path.
  assert.equal(mount({ SCRIPT_NAME: '/hello', SCRIPT_FILENAME: '/usr/share/nginx/html/hello' }), '')
  // Often copied.
  assert.equal(mount({ SCRIPT_NAME: '/hello', PATH_INFO: '/hello' }), '')
  assert.equal(mount({ SCRIPT_NAME: '', PATH_INFO: '/hello' }), '')
})

test('Postern: frontMounts says always or never', () => {
  assert.equal(mount({ SCRIPT_NAME: '/app' }, true), '/app')
  assert.equal(mount({ SCRIPT_NAME: '/app', PATH_INFO: '/x' }, false), '')
})

test('Postern: behind the mount the path stands in the client’s spelling', () => {
  assert.equal(pathBehind('', '/a/%2e/b//c'), '/a/%2e/b//c')
  assert.equal(pathBehind('/app', '/app/a%2Fb%20c/'), '/a%2Fb%20c/')
  assert.equal(pathBehind('/a b', '/a%20b'), '/')
  assert.equal(pathBehind('/app', '//app/x'), '/x')
  assert.equal(pathBehind('/app', '/application'), undefined)
  assert.equal(pathBehind('/app', '/app/../other'), undefined)
  assert.equal(pathBehind('/app', '/app/%zz'), undefined)
})
