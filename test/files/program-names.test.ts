import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copiesOf } from '../../src/files/program-names.ts'

const copies = copiesOf(['.cgi', '.php'])

test('Security: what people and programs leave beside a program is known by its name', () => {
  const left = ['x.php~', 'x.php.bak', 'x.php.save2', 'x.php.1', 'x.php-old', 'x.php_', 'x.php.', 'x.php ', 'x.php,v']
  for (const name of [
    ...left,
    'x.php.dist',
    'x.php (copy)',
    'x.cgi.orig.bak',
    '#x.cgi#',
    'x.cgi.~1~',
    'x.php.disabled',
  ]) {
    assert.ok(copies.test(name), name)
  }
})

test('Postern: a name that says another type is somebody’s will', () => {
  for (const name of ['x.php.txt', 'x.phpinfo.html', 'php', 'x.phps', 'notes.cgi.html', 'x.php.jpg']) {
    assert.ok(!copies.test(name), name)
  }
})

test('Security: a long name is judged in good time, whatever is repeated in it', () => {
  const parts = ['~', '.bak', '. ', '.1', '1', '-1', '.~1~', '(1)', ',v', '_', '.php', '#', '.new.1', '-old2']
  const start = performance.now()
  for (const part of parts) {
    for (const other of parts) copies.test(`#x.php${(part + other).repeat(2000)}!`)
  }
  assert.ok(performance.now() - start < 20_000)
})
