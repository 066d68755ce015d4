// RFC 3875 4.1.18: which fields become HTTP_* variables, whatever a client sends.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { admitFields, type AdmittedFields } from '../../src/gateway/request-policy.ts'
import type { Field } from '../../src/protocol/http/fields.ts'
import { byteStrings, runs } from '../protocol/arbitraries.ts'

const variable = (name: string): string => `HTTP_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`

const strict = { passAuthorization: false, passFields: new Set<string>() }

const wellKnownNames = [
  'Proxy PROXY pRoXy X-A X_A x.a x-a Cookie COOKIE Authorization Content-Length Content-Type content_length',
  'Transfer-Encoding Connection X-Sendfile-Type Redirect-Status TE',
].flatMap((line) => line.split(' '))

const names = fc.oneof(fc.constantFrom(...wellKnownNames), fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,10}$/))
const fieldLists: fc.Arbitrary<readonly Field[]> = fc.array(fc.tuple(names, byteStrings(12)), { maxLength: 8 })
const policies = fc.record({
  passAuthorization: fc.boolean(),
  passFields: fc.constantFrom(new Set<string>(), new Set(['x_a', 'x.a', 'proxy', 'content_length'])),
})

function admitted(fields: readonly Field[], policy = strict): AdmittedFields {
  const result = admitFields(fields, policy)
  assert.ok(!('rejected' in result), 'rejected' in result ? result.rejected : '')
  return result
}

test('CVE-2016-5385: whatever fields come and whatever the settings pass, HTTP_PROXY is never set', () => {
  fc.assert(
    fc.property(fieldLists, policies, (fields, policy) => {
      const result = admitFields(fields, policy)
      if ('rejected' in result) return
      for (const name of ['HTTP_PROXY', 'HTTP_REDIRECT_STATUS', 'HTTP_X_SENDFILE_TYPE'])
        assert.ok(!result.variables.has(name))
    }),
    runs,
  )
})

test('CVE-2015-0219: two fields with different names are never in one variable: then the request is rejected', () => {
  fc.assert(
    fc.property(fieldLists, policies, (fields, policy) => {
      const distinct = new Set(fields.map(([name]) => name.toLowerCase()))
      const collide = new Set([...distinct].map(variable)).size < distinct.size
      const result = admitFields(fields, policy)
      if (collide) assert.ok('rejected' in result)
      else assert.ok(!('rejected' in result) || /shell function/.test(result.rejected))
    }),
    runs,
  )
})

test('RFC 3875 4.1.18: every variable begins with HTTP_ and is of letters, digits and "_"', () => {
  fc.assert(
    fc.property(fieldLists, policies, (fields, policy) => {
      const result = admitFields(fields, policy)
      if ('rejected' in result) return
      for (const name of result.variables.keys()) assert.match(name, /^HTTP_[A-Z0-9_]+$/)
    }),
    runs,
  )
})

test('RFC 3875 4.1.18: a variable holds the values of its field in their order, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{0,5}$/), { minLength: 1, maxLength: 5 }), (values) => {
      const fields = values.map((value): Field => ['X-A', value])
      assert.equal(admitted(fields).variables.get('HTTP_X_A'), values.join(', '))
      const cookies = values.map((value): Field => ['Cookie', value])
      assert.equal(admitted(cookies).variables.get('HTTP_COOKIE'), values.join('; '))
    }),
    runs,
  )
})

test('CVE-2014-6271: a value that begins like a shell function is rejected in every field', () => {
  for (const value of ['() { :;}; x', '  () { x', '(){ x', '\t()\t{']) {
    for (const name of ['User-Agent', 'Content-Type', 'Cookie', 'X_Dropped']) {
      assert.ok('rejected' in admitFields([[name, value]], strict), `${name}: ${value}`)
    }
  }
  assert.deepEqual([...admitted([['X-A', 'f() { x']]).variables], [['HTTP_X_A', 'f() { x']])
})

test('Postern: what is dropped is named with a reason, but for fields that are dealt with elsewhere', () => {
  const { variables, dropped } = admitted([
    ['Proxy', 'a'],
    ['X_B', 'b'],
    ['Connection', 'close'],
    ['Authorization', 'x'],
    ['Expect', '100-continue'],
  ])
  assert.equal(variables.size, 0)
  assert.deepEqual(
    dropped.map(({ name }) => name),
    ['Proxy', 'X_B'],
  )
})

test('CVE-2017-12814: names up to 256 bytes pass, longer ones do not', () => {
  assert.equal(admitted([['a'.repeat(256), '']]).variables.size, 1)
  assert.equal(admitted([['a'.repeat(257), '']]).variables.size, 0)
})
