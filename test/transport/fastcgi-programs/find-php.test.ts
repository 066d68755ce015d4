import { test } from 'node:test'
import assert from 'node:assert/strict'
import { findPhp } from '../../../src/transport/fastcgi-programs/find-php.ts'
import { temporarySite } from '../../support/temporary-site.ts'

const program = '#!/bin/sh\n'

test('php-cgi is found by its name in the folders of PATH, in their order', () => {
  using site = temporarySite({ 'a/other': program, 'b/php-cgi': program, 'c/php-cgi': program })
  const path = ['a', 'b', 'c', 'none'].map((name) => `${site.root}/${name}`).join(':')
  assert.equal(findPhp('php-cgi', path), `${site.root}/b/php-cgi`)
})

test('php-cgi with a version in its name is found where there is none without, the newest first', () => {
  using site = temporarySite({
    'a/php-cgi8.2': program,
    'a/php-cgi83': program,
    'b/php-cgi-8.10': program,
    'b/php-cgi7': program,
  })
  assert.equal(findPhp('php-cgi', `${site.root}/a`), `${site.root}/a/php-cgi83`)
  assert.equal(findPhp('php-cgi', `${site.root}/b`), `${site.root}/b/php-cgi-8.10`)
})

test('what is no program, a folder or a relative entry of PATH is not php-cgi', () => {
  using site = temporarySite({ 'a/php-cgi': 'text', 'b/php-cgi/x': '' })
  assert.equal(findPhp('php-cgi', `${site.root}/a:${site.root}/b:.:`), undefined)
  assert.equal(findPhp(`${site.root}/a/php-cgi`, ''), undefined)
  assert.equal(findPhp('/nowhere/php-cgi', '/usr/bin'), undefined)
})
