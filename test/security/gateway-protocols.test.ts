// Field notes 3.5: framing of FastCGI, SCGI and uwsgi. What the codecs themselves can do; no socket is needed for it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byteStringOf, bytesOf } from '../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../src/protocol/errors.ts'
import { ApplicationSide, type ApplicationSideEvent } from '../../src/protocol/fastcgi/application-side.ts'
import { encodeBeginRequest, encodeEndRequest, roles } from '../../src/protocol/fastcgi/messages.ts'
import { encodeNameValues } from '../../src/protocol/fastcgi/name-values.ts'
import {
  encodeRecord,
  encodeStream,
  encodeStreamEnd,
  RecordDecoder,
  recordTypes,
} from '../../src/protocol/fastcgi/record.ts'
import { ServerSide } from '../../src/protocol/fastcgi/server-side.ts'
import { encodeScgiHead, ScgiHeadDecoder } from '../../src/protocol/scgi/request.ts'
import { encodeUwsgiPacket, PacketTooLarge, UwsgiPacketDecoder } from '../../src/protocol/uwsgi/packet.ts'

function application(maxVariablesBytes = 65_536): ApplicationSide {
  return new ApplicationSide({ maxVariablesBytes, maxRequests: 10, roles: ['responder'], values: new Map() })
}

function question(variables: readonly (readonly [string, string])[], body: Uint8Array): Buffer {
  return Buffer.concat([
    encodeBeginRequest(1, { role: roles.responder, keepsConnection: true }),
    ...encodeStream(recordTypes.params, 1, encodeNameValues(variables)),
    encodeStreamEnd(recordTypes.params, 1),
    ...encodeStream(recordTypes.stdin, 1, body),
    encodeStreamEnd(recordTypes.stdin, 1),
  ])
}

function bodyOf(events: readonly ApplicationSideEvent[]): Buffer {
  return Buffer.concat(events.map((event) => (event.kind === 'stdin' ? event.content : new Uint8Array(0))))
}

function endless(push: (chunk: Uint8Array) => unknown, most: number, chunk: Uint8Array): void {
  assert.throws(() => {
    for (let sent = 0; sent <= most; sent += chunk.length) push(chunk)
  }, ProtocolError)
}

const lowBytes = [...Array(256).keys()]

test('CVE-2026-55203: content and padding that pass 65535 bytes together do not lose the next record, whatever both are', () => {
  const content = Buffer.alloc(65_535 + 255, 1)
  const decoder = new RecordDecoder()
  const header = Buffer.from([1, recordTypes.stdout, 0, 1, 0, 0, 0, 0])
  const tryOne = (length: number, padding: number): void => {
    header.writeUInt16BE(length, 4)
    header.writeUInt8(padding, 6)
    const records = [...decoder.push(header), ...decoder.push(content.subarray(0, length + padding))]
    // assert for each would take most of the time.
    if (records.length !== 1 || records[0]?.content.length !== length || !decoder.isBetweenRecords) {
      assert.fail(`${length} bytes with ${padding} of padding`)
    }
  }
  for (let length = 0; length <= 65_535; length++) {
    const isNearAnEdge = length < 264 || length > 65_535 - 264 || Math.abs(length - 32_768) < 264
    for (const padding of isNearAnEdge ? lowBytes : [0, 1, 7, 8, 127, 128, 254, 255]) tryOne(length, padding)
  }
})

test('CVE-2010-3872, CVE-2013-4365: records in fragments of any one size, headers too, are the same request', () => {
  const body = Buffer.alloc(300, 'body')
  const bytes = question([['SCRIPT_NAME', '/x'.repeat(100)]], body)
  for (let size = 1; size <= 40; size++) {
    const side = application()
    const events: ApplicationSideEvent[] = []
    for (let at = 0; at < bytes.length; at += size) events.push(...side.push(bytes.subarray(at, at + size)))
    const [first] = events
    assert.ok(first?.kind === 'request')
    assert.equal(first.variables.get('SCRIPT_NAME'), '/x'.repeat(100))
    assert.deepEqual(bodyOf(events), body)
  }
})

test('CVE-2014-3583: an answer whose head is far longer than one record or one read is whole', () => {
  const head = `X: ${'h'.repeat(100_000)}\n\n`
  const server = new ServerSide()
  const id = server.begin()
  const bytes = Buffer.concat([
    ...encodeStream(recordTypes.stdout, id, bytesOf(head)),
    encodeEndRequest(id, { appStatus: 0, protocolStatus: 0 }),
  ])
  for (const size of [8, 4095, 8192, 65_536]) {
    const side = new ServerSide()
    side.begin()
    let text = ''
    for (let at = 0; at < bytes.length; at += size) {
      for (const event of side.push(bytes.subarray(at, at + size))) {
        if (event.kind === 'stdout') text += byteStringOf(event.content)
      }
    }
    assert.ok(text === head, `reads of ${size} bytes`)
  }
})

test('CVE-2025-23016, CVE-2025-40907: a name and a value whose lengths add up past 32 bits end the connection', () => {
  for (const lengths of ['ffffffffffffffff', 'fffffffb80000005', 'c0000000c0000000', '8000000affffffff']) {
    const side = application()
    side.push(encodeBeginRequest(1, { role: roles.responder, keepsConnection: true }))
    const content = Buffer.concat([Buffer.from(lengths, 'hex'), Buffer.alloc(200, 'A')])
    const record = encodeRecord({ type: recordTypes.params, requestId: 1, content })
    assert.throws(() => side.push(record), ProtocolError, lengths)
  }
})

test('HAProxy, "record-length truncation": a body past 65535 bytes cannot begin a request of its own', () => {
  const evil = question([['SCRIPT_FILENAME', '/etc/passwd']], new Uint8Array(0))
  for (const before of [65_527, 65_528, 65_535, 65_536, 131_072]) {
    const body = Buffer.concat([Buffer.alloc(before, 'x'), evil])
    const events = application().push(question([['SCRIPT_FILENAME', '/srv/good']], body))
    const requests = events.filter(({ kind }) => kind === 'request')
    assert.equal(requests.length, 1)
    assert.ok(bodyOf(events).equals(body))
  }
  assert.throws(
    () => encodeRecord({ type: recordTypes.stdin, requestId: 1, content: Buffer.alloc(65_536) }),
    TypeError,
    'never a length that is cut to 16 bits',
  )
})

test('HAProxy, "stream ID 0": records of a request on id 0 end the connection, in both directions', () => {
  for (let type = recordTypes.beginRequest; type <= recordTypes.data; type++) {
    for (const content of [new Uint8Array(0), new Uint8Array(8)]) {
      const record = encodeRecord({ type, requestId: 0, content })
      assert.throws(() => application().push(record), ProtocolError, `type ${type}`)
      const server = new ServerSide()
      server.begin()
      assert.throws(() => server.push(record), ProtocolError, `type ${type}`)
    }
  }
})

test('CVE-2020-11984: variables that do not fit into a uwsgi packet are an error, never a length of something else', () => {
  for (const length of [65_535, 65_536, 65_540, 131_072 + 10]) {
    const variables = new Map([['HTTP_COOKIE', 'c'.repeat(length)]])
    assert.throws(() => encodeUwsgiPacket(variables), PacketTooLarge, String(length))
  }
})

test('Postern: an endless head in FastCGI, SCGI or uwsgi is refused or complete at its limit, however slowly it comes', () => {
  const side = application(10_000)
  side.push(encodeBeginRequest(1, { role: roles.responder, keepsConnection: true }))
  const pairs = encodeNameValues([['A', 'b'.repeat(96)]])
  endless((chunk) => side.push(chunk), 12_000, encodeRecord({ type: recordTypes.params, requestId: 1, content: pairs }))
  const digits = new ScgiHeadDecoder(10_000)
  endless((chunk) => digits.push(chunk), 10, bytesOf('1'))
  const scgi = new ScgiHeadDecoder(10_000)
  scgi.push(bytesOf('10000:'))
  endless((chunk) => scgi.push(chunk), 10_001, bytesOf('x'))
  const uwsgi = new UwsgiPacketDecoder()
  uwsgi.push(Uint8Array.of(0, 255, 255, 0))
  endless((chunk) => uwsgi.push(chunk), 65_535, bytesOf('x'))
})

test('Postern: no value can begin another variable, in FastCGI, SCGI or uwsgi, by a NUL or by bits that are lost', () => {
  for (const value of ['a\0HTTPS\0on\0', 'a\u0100HTTPS\u0100on\u0100']) {
    const variables = new Map([['HTTP_X', value]])
    assert.throws(() => encodeScgiHead(variables), TypeError)
    assert.throws(() => encodeScgiHead(new Map([['CONTENT_LENGTH', value]])), TypeError)
    assert.throws(() => encodeNameValues(variables), TypeError)
  }
  assert.throws(() => encodeUwsgiPacket(new Map([['HTTP_X', '\u0100']])), TypeError)
})
