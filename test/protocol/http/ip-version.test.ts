// ip-version.ts says what node:net says.

import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import { assert as check, domain, ipV4, ipV6, oneof, property, string, stringMatching } from 'fast-check'
import { ipVersion } from '../../../src/protocol/http/ip-version.ts'

const odd = stringMatching(/^[0-9a-fA-F:.%]{0,40}$/)

test('RFC 3986 3.2.2: an address is one where node:net says so, and of the same version', () => {
  check(
    property(oneof(ipV4(), ipV6(), odd, domain(), string()), (text) => {
      assert.equal(ipVersion(text), isIP(text))
    }),
    { numRuns: 5000 },
  )
})

test('RFC 3986 3.2.2: addresses, and what only looks like one', () => {
  for (const text of [
    '::',
    '::1',
    '::ffff:1.2.3.4',
    'fe80::1%eth0',
    '01.2.3.4',
    '1.2.3',
    '1.2.3.256',
    '::ffff:1.2.3',
    '1::2::3',
    '12345::',
    '::1]',
    '',
    '0x7f.1',
    ':',
  ]) {
    assert.equal(ipVersion(text), isIP(text), text)
  }
})
