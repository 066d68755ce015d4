// FastCGI 1.0, 4, 5 and 6.1: the contents of the records that are not streams.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import {
  decodeBeginRequest,
  decodeEndRequest,
  decodeUnknownType,
  encodeAbortRequest,
  encodeBeginRequest,
  encodeEndRequest,
  encodeUnknownType,
  protocolStatuses,
  roles,
} from '../../../src/protocol/fastcgi/messages.ts'
import { recordTypes } from '../../../src/protocol/fastcgi/record.ts'
import { runs } from '../arbitraries.ts'
import { hexOf } from './raw-records.ts'

test('FastCGI 8: types, roles and statuses have the numbers of the specification', () => {
  assert.deepEqual(Object.values(recordTypes), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  assert.deepEqual(roles, { responder: 1, authorizer: 2, filter: 3 })
  assert.deepEqual(protocolStatuses, { requestComplete: 0, cantMpxConn: 1, overloaded: 2, unknownRole: 3 })
})

test('FastCGI 5.1: FCGI_BEGIN_REQUEST has the role in two bytes, then the flag of keeping the connection', () => {
  const keeps = encodeBeginRequest(0x0102, { role: roles.filter, keepsConnection: true })
  assert.equal(hexOf(keeps), '0101010200080000 0003010000000000')
  const closes = encodeBeginRequest(1, { role: 0x1234, keepsConnection: false })
  assert.equal(hexOf(closes), '0101000100080000 1234000000000000')
})

test('FastCGI 5.1: only the lowest flag means anything, and reserved bytes nothing', () => {
  assert.deepEqual(decodeBeginRequest(Uint8Array.of(0, 1, 0xfe, 9, 9, 9, 9, 9)), { role: 1, keepsConnection: false })
  assert.deepEqual(decodeBeginRequest(Uint8Array.of(2, 1, 0xff, 9, 9, 9, 9, 9)), { role: 513, keepsConnection: true })
})

test('FastCGI 5.5: FCGI_END_REQUEST has the application’s status in four bytes, then the protocol’s', () => {
  const bytes = encodeEndRequest(1, { appStatus: 0xfedcba98, protocolStatus: protocolStatuses.overloaded })
  assert.equal(hexOf(bytes), '0103000100080000 fedcba9802000000')
})

test('FastCGI 5.4: FCGI_ABORT_REQUEST is empty', () => {
  assert.equal(hexOf(encodeAbortRequest(3)), '0102000300000000')
})

test('FastCGI 4.2: FCGI_UNKNOWN_TYPE has the type, and no request', () => {
  assert.equal(hexOf(encodeUnknownType(200)), '010b000000080000 c800000000000000')
  assert.equal(decodeUnknownType(Uint8Array.of(12, 9, 9, 9, 9, 9, 9, 9)), 12)
})

test('FastCGI 5.1, 5.5, 4.2: what is encoded is what is decoded', () => {
  const most = fc.maxSafeNat().map((number) => number % 2 ** 32)
  fc.assert(
    fc.property(fc.nat(65535), fc.boolean(), most, fc.nat(255), (role, keepsConnection, appStatus, byte) => {
      const begin = { role, keepsConnection }
      assert.deepEqual(decodeBeginRequest(encodeBeginRequest(1, begin).subarray(8)), begin)
      const end = { appStatus, protocolStatus: byte }
      assert.deepEqual(decodeEndRequest(encodeEndRequest(1, end).subarray(8)), end)
      assert.equal(decodeUnknownType(encodeUnknownType(byte).subarray(8)), byte)
    }),
    runs,
  )
})

test('FastCGI 5.1, 5.5, 4.2: a content that has not eight bytes is refused', () => {
  for (const decode of [decodeBeginRequest, decodeEndRequest, decodeUnknownType]) {
    for (const length of [0, 1, 7, 9, 65535]) assert.throws(() => decode(new Uint8Array(length)), ProtocolError)
  }
})

test('FastCGI 5.1, 5.5, 4.2: a number that does not fit is a TypeError', () => {
  for (const bad of [-1, 1.5, Number.NaN, 2 ** 32]) {
    assert.throws(() => encodeBeginRequest(1, { role: bad, keepsConnection: true }), TypeError)
    assert.throws(() => encodeEndRequest(1, { appStatus: bad, protocolStatus: 0 }), TypeError)
    assert.throws(() => encodeEndRequest(1, { appStatus: 0, protocolStatus: bad }), TypeError)
    assert.throws(() => encodeEndRequest(bad, { appStatus: 0, protocolStatus: 0 }), TypeError)
    assert.throws(() => encodeAbortRequest(bad), TypeError)
    assert.throws(() => encodeUnknownType(bad), TypeError)
  }
})
