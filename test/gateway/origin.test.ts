// Who asks and under which name: the connection's word, and a trusted proxy's.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { AllowedHosts } from '../../src/gateway/allowed-hosts.ts'
import { readOrigin, TrustedProxies } from '../../src/gateway/origin.ts'
import type { Origin } from '../../src/gateway/meta-variables.ts'
import type { RequestFacts } from '../../src/gateway/request-facts.ts'
import type { Field } from '../../src/protocol/http/fields.ts'
import { byteStrings, piecesOf, runs } from '../protocol/arbitraries.ts'

interface Asked {
  readonly fields?: readonly Field[]
  readonly peer?: string
  readonly protocol?: string
  readonly authority?: string
  readonly trusted?: readonly string[]
  readonly serverName?: string
}

function ask({
  fields = [['Host', 'a']],
  peer = '10.0.0.1',
  protocol = 'HTTP/1.1',
  authority,
  trusted = [],
  serverName,
}: Asked): Origin | string {
  const facts: RequestFacts = {
    method: 'GET',
    target: '/',
    mount: '',
    protocol,
    fields,
    scheme: 'http',
    user: undefined,
    peer: { address: peer, port: 1234 },
    local: { address: '10.0.0.2', port: 8080 },
    body: { async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {} },
    bodyLength: 0,
    signal: new AbortController().signal,
  }
  const options = {
    serverName,
    allowedHosts: new AllowedHosts({ names: undefined, own: [], development: false }),
    trustedProxies: new TrustedProxies(trusted),
  }
  const origin = readOrigin(facts, { authority, scheme: undefined }, options)
  return 'rejected' in origin ? origin.rejected : origin
}

function good(asked: Asked): Origin {
  const origin = ask(asked)
  assert.ok(typeof origin === 'object', typeof origin === 'string' ? origin : '')
  return origin
}

test('RFC 9112 3.2: a request of HTTP/1.1 has exactly one Host; one of HTTP/1.0 may have none', () => {
  assert.equal(typeof ask({ fields: [] }), 'string')
  assert.equal(
    typeof ask({
      fields: [
        ['Host', 'a'],
        ['host', 'a'],
      ],
    }),
    'string',
  )
  assert.equal(good({ fields: [], protocol: 'HTTP/1.0' }).serverName, '10.0.0.2')
})

test('RFC 9112 3.2.2: an absolute target needs a host of its own, which wins', () => {
  assert.equal(good({ authority: 'b:9' }).serverName, 'b')
  assert.equal(typeof ask({ authority: '' }), 'string')
  assert.equal(typeof ask({ authority: 'user@b' }), 'string')
})

test('Postern: nothing that a client sends changes its address, port or scheme, unless it is a trusted proxy', () => {
  const values = fc.oneof(byteStrings(20), piecesOf(['192.0.2.1', ',', ' ', '::1', 'https', 'unknown', '10.0.0.9']))
  const names = fc.constantFrom('X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Forwarded', 'X-Real-IP')
  fc.assert(
    fc.property(fc.array(fc.tuple(names, values), { maxLength: 4 }), (fields) => {
      const { peer, scheme, serverName, serverPort } = good({
        fields: [['Host', 'a'], ...fields],
        trusted: ['192.0.2.0/24'],
      })
      assert.deepEqual([peer, scheme, serverName, serverPort], [{ address: '10.0.0.1', port: 1234 }, 'http', 'a', 8080])
    }),
    runs,
  )
})

const forwarded = (value: string): string =>
  good({
    fields: [
      ['Host', 'a'],
      ['X-Forwarded-For', value],
    ],
    trusted: ['10.0.0.0/8', '2001:db8::/32'],
  }).peer.address

test('Postern: the address behind trusted proxies is the rightmost that is not trusted', () => {
  assert.equal(forwarded('192.0.2.1'), '192.0.2.1')
  assert.equal(forwarded('1.1.1.1, 192.0.2.1, 10.9.9.9'), '192.0.2.1')
  assert.equal(forwarded('1.1.1.1, 2001:db8::5'), '1.1.1.1')
  assert.equal(forwarded('10.3.3.3, 10.9.9.9'), '10.3.3.3')
  assert.equal(forwarded('1.1.1.1, nonsense'), '10.0.0.1')
  assert.equal(forwarded('1.1.1.1, , 10.9.9.9'), '10.9.9.9')
  assert.equal(forwarded(''), '10.0.0.1')
})

const proxied = (value: string): readonly unknown[] => {
  const { scheme, serverPort } = good({
    fields: [
      ['Host', 'a'],
      ['X-Forwarded-Proto', value],
    ],
    trusted: ['10.0.0.1'],
  })
  return [scheme, serverPort]
}

test('Postern: X-Forwarded-Proto of a trusted proxy is http or https and nothing else', () => {
  assert.deepEqual(proxied('https'), ['https', 443])
  assert.deepEqual(proxied(' HTTPS '), ['https', 443])
  assert.deepEqual(proxied('http'), ['http', 80])
  assert.deepEqual(proxied('javascript'), ['http', 8080])
})

test('Postern: proxies are given by address or CIDR block, of both families', () => {
  const trusted = new TrustedProxies(['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'])
  for (const address of ['127.0.0.1', '10.255.0.1', '::1', 'fd12::3']) assert.equal(trusted.has(address), true, address)
  for (const address of ['127.0.0.2', '11.0.0.1', '::2', 'fe80::1', '', 'x'])
    assert.equal(trusted.has(address), false, address)
})

test('Postern: what is neither address nor block is a TypeError that names it', () => {
  for (const entry of [
    '',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0.0/ 8',
    '::/129',
    '10.0.0',
  ]) {
    assert.throws(() => new TrustedProxies([entry]), { name: 'TypeError', message: new RegExp(JSON.stringify(entry)) })
  }
})
