// FastCGI 1.0, the application's side of a connection.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf, type ByteString } from '../../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import {
  ApplicationSide,
  type ApplicationLimits,
  type ApplicationSideEvent,
} from '../../../src/protocol/fastcgi/application-side.ts'
import {
  encodeAbortRequest,
  encodeBeginRequest,
  encodeEndRequest,
  encodeUnknownType,
  protocolStatuses,
  roles,
  type RoleName,
} from '../../../src/protocol/fastcgi/messages.ts'
import { encodeNameValues } from '../../../src/protocol/fastcgi/name-values.ts'
import { encodeRecord, encodeStream, recordTypes } from '../../../src/protocol/fastcgi/record.ts'
import { encodeGetValues } from '../../../src/protocol/fastcgi/server-side.ts'
import { byteStrings, cutBytes, cuts, oneByOne, runs } from '../arbitraries.ts'
import { outcome, rawHeader, rawRecord, streamEnd } from './raw-records.ts'

const { params, stdin, data } = recordTypes

const limits: ApplicationLimits = {
  maxVariablesBytes: 1000,
  maxRequests: 4,
  roles: ['responder', 'authorizer', 'filter'],
  values: new Map([
    ['FCGI_MAX_CONNS', '10'],
    ['FCGI_MAX_REQS', '40'],
  ]),
}

function linesOf(events: readonly ApplicationSideEvent[]): string[] {
  const lines: string[] = []
  let last = ''
  for (const event of events) {
    const start = event.kind === 'reply' ? event.kind : `${event.kind} ${event.requestId}`
    if (event.kind === 'stdin' || event.kind === 'data') {
      const text = byteStringOf(event.content)
      assert.notEqual(text, '')
      lines.push(last === start ? `${lines.pop()}${text}` : `${start} ${text}`)
    } else if (event.kind === 'request') {
      const pairs = JSON.stringify([...event.variables])
      lines.push(`${start} ${event.role}${event.keepsConnection ? ' keeps' : ''} ${pairs}`)
    } else if (event.kind === 'reply') {
      lines.push(`${start}${event.closes ? ' closes' : ''} ${Buffer.from(event.bytes).toString('hex')}`)
    } else lines.push(start)
    last = start
  }
  return lines
}

function push(side: ApplicationSide, ...chunks: readonly Uint8Array[]): string[] {
  return linesOf(chunks.flatMap((chunk) => side.push(chunk)))
}

function begin(requestId = 1, role: number = roles.responder, keepsConnection = true): Buffer {
  return encodeBeginRequest(requestId, { role, keepsConnection })
}

function variables(pairs: readonly (readonly [string, ByteString])[] = [['NAME', 'value']], requestId = 1): Buffer {
  return Buffer.concat([...encodeStream(params, requestId, encodeNameValues(pairs)), streamEnd(params, requestId)])
}

function opened(role: number = roles.responder, given: ApplicationLimits = limits): ApplicationSide {
  const side = new ApplicationSide(given)
  side.push(begin(1, role))
  side.push(variables())
  return side
}

function told(pairs: readonly (readonly [string, ByteString])[]): string[] {
  const content = encodeNameValues(pairs)
  return [`reply ${encodeRecord({ type: recordTypes.getValuesResult, requestId: 0, content }).toString('hex')}`]
}

function refusal(protocolStatus: number, requestId = 1): string {
  return encodeEndRequest(requestId, { appStatus: 0, protocolStatus }).toString('hex')
}

test('FastCGI 6.2: a responder gets its variables, then standard input, then its end', () => {
  const bytes = Buffer.concat([
    begin(),
    variables(),
    ...encodeStream(stdin, 1, bytesOf('a body')),
    rawRecord({ type: stdin, content: ', and more', padding: 6 }),
    streamEnd(stdin),
  ])
  const expected = ['request 1 responder keeps [["NAME","value"]]', 'stdin 1 a body, and more', 'stdin-end 1']
  assert.deepEqual(push(new ApplicationSide(limits), bytes), expected)
  for (let at = 0; at <= bytes.length; at++) {
    const side = new ApplicationSide(limits)
    assert.deepEqual(push(side, bytes.subarray(0, at), bytes.subarray(at)), expected)
    assert.equal(side.end(1, 0).toString('hex'), refusal(protocolStatuses.requestComplete))
  }
})

test('FastCGI 6.3: an authorizer gets its variables; standard input may be missing, or be empty', () => {
  const side = new ApplicationSide(limits)
  assert.deepEqual(push(side, begin(1, roles.authorizer, false), variables([])), ['request 1 authorizer []'])
  side.end(1, 0)
  assert.deepEqual(push(side, begin(1, roles.authorizer), variables([]), streamEnd(stdin)), [
    'request 1 authorizer keeps []',
    'stdin-end 1',
  ])
})

test('FastCGI 6.4: a filter gets its variables, then standard input, then the file', () => {
  const bytes = Buffer.concat([
    begin(1, roles.filter),
    variables([['FCGI_DATA_LENGTH', '8']]),
    ...encodeStream(stdin, 1, bytesOf('form')),
    streamEnd(stdin),
    ...encodeStream(data, 1, bytesOf('the file')),
    streamEnd(data),
  ])
  const expected = [
    'request 1 filter keeps [["FCGI_DATA_LENGTH","8"]]',
    'stdin 1 form',
    'stdin-end 1',
    'data 1 the file',
    'data-end 1',
  ]
  assert.deepEqual(push(new ApplicationSide(limits), bytes), expected)
  assert.deepEqual(push(new ApplicationSide(limits), ...oneByOne(bytes)), expected)
})

test('FastCGI 6.1, 6.4: inputs are not interleaved: a body before the end of the variables, a file before that of the body', () => {
  for (const type of [stdin, data]) {
    for (const content of ['', 'x']) {
      const side = new ApplicationSide(limits)
      side.push(begin(1, roles.filter))
      side.push(rawRecord({ type: params, content: '\x01\x01Ab' }))
      assert.throws(() => side.push(rawRecord({ type, content })), ProtocolError)
    }
  }
  assert.throws(() => opened(roles.filter).push(rawRecord({ type: data, content: 'x' })), ProtocolError)
})

test('FastCGI 6.2, 6.3: FCGI_DATA is a filter’s: for a responder or an authorizer it is refused', () => {
  for (const role of [roles.responder, roles.authorizer]) {
    const side = opened(role)
    side.push(streamEnd(stdin))
    assert.throws(() => side.push(rawRecord({ type: data, content: 'x' })), ProtocolError)
  }
})

test('FastCGI 3.3: more of a stream after its end is refused', () => {
  assert.throws(() => opened().push(rawRecord({ type: params, content: '\0\0' })), ProtocolError)
  assert.throws(() => opened().push(streamEnd(params)), ProtocolError)
  const side = opened(roles.filter)
  side.push(streamEnd(stdin))
  assert.throws(() => side.push(rawRecord({ type: stdin, content: 'x' })), ProtocolError)
})

test('FastCGI 5.2: variables over many records, cut within names, values and lengths, are whole', () => {
  const pairs = [
    ['SCRIPT_NAME', '/x'],
    ['HTTP_COOKIE', 'c'.repeat(300)],
  ] as const
  const content = encodeNameValues(pairs)
  for (const size of [1, 2, 7, 100]) {
    const records: Uint8Array[] = []
    for (let at = 0; at < content.length; at += size) {
      records.push(encodeRecord({ type: params, requestId: 1, content: content.subarray(at, at + size) }))
    }
    const lines = push(new ApplicationSide(limits), begin(), ...records, streamEnd(params))
    assert.deepEqual(lines, [`request 1 responder keeps ${JSON.stringify(pairs)}`])
  }
})

test('FastCGI 3.4: of a variable that stands twice the last value counts', () => {
  const twice = variables([
    ['A', '1'],
    ['B', '2'],
    ['A', '3'],
  ])
  assert.deepEqual(push(new ApplicationSide(limits), begin(), twice), [
    'request 1 responder keeps [["A","3"],["B","2"]]',
  ])
})

test('FastCGI 6.1: a NUL in a variable is refused', () => {
  for (const content of ['\x01\x03Aa\0b', '\x02\x01A\0b']) {
    const side = new ApplicationSide(limits)
    side.push(begin())
    side.push(rawRecord({ type: params, content }))
    assert.throws(() => side.push(streamEnd(params)), ProtocolError)
  }
})

test('FastCGI 5.2: variables that end within a pair are refused', () => {
  const side = new ApplicationSide(limits)
  side.push(begin())
  side.push(rawRecord({ type: params, content: '\x04\x05NAMEvalu' }))
  assert.throws(() => side.push(streamEnd(params)), ProtocolError)
})

test('FastCGI 5.2: variables without end are refused at the limit, and one that announces more at once', () => {
  const side = new ApplicationSide(limits)
  side.push(begin())
  let pushed = 0
  assert.throws(() => {
    for (; pushed < 100; pushed++) side.push(rawRecord({ type: params, content: '\x01\x62A' + 'v'.repeat(98) }))
  }, ProtocolError)
  assert.equal(pushed, 9)
  const other = new ApplicationSide(limits)
  other.push(begin())
  assert.throws(() => other.push(rawRecord({ type: params, content: '\x01\x80\x00\x03\xe8' })), ProtocolError)
})

test('FastCGI 5.1: a role that is not played here, or that nobody knows, is told FCGI_UNKNOWN_ROLE', () => {
  const names: readonly RoleName[] = ['responder']
  for (const role of [roles.authorizer, roles.filter, 0, 4, 257, 65535]) {
    const side = new ApplicationSide({ ...limits, roles: names })
    assert.deepEqual(push(side, begin(1, role)), [`reply ${refusal(protocolStatuses.unknownRole)}`])
    assert.equal(side.underWay, 0)
    assert.deepEqual(push(side, variables(), rawRecord({ type: stdin, content: 'x' }), streamEnd(stdin)), [])
    assert.equal(push(side, begin(), variables()).length, 1, 'the id may be used again')
  }
})

test('FastCGI 5.5: one request more than are taken is told FCGI_OVERLOADED, or FCGI_CANT_MPX_CONN where one is taken', () => {
  for (const [maxRequests, status] of [
    [2, protocolStatuses.overloaded],
    [1, protocolStatuses.cantMpxConn],
  ] as const) {
    const side = new ApplicationSide({ ...limits, maxRequests })
    for (let id = 1; id <= maxRequests; id++) assert.deepEqual(push(side, begin(id)), [])
    assert.deepEqual(push(side, begin(9)), [`reply ${refusal(status, 9)}`])
    assert.deepEqual(push(side, variables(undefined, 9), streamEnd(stdin, 9), encodeAbortRequest(9)), [])
    assert.equal(push(side, variables()).length, 1, 'the first is as it was')
    side.end(1, 0)
    assert.deepEqual(push(side, begin(9)), [])
  }
})

test('FastCGI 5.1, 5.5: a refused request closes the connection where the server keeps none and nothing else is under way', () => {
  const side = new ApplicationSide({ ...limits, maxRequests: 1 })
  assert.match(push(side, begin(1, 9, false)).join(), /^reply closes /)
  assert.match(push(side, begin(1, 9, true)).join(), /^reply [^c]/)
  side.push(begin(1))
  assert.match(push(side, begin(2, roles.responder, false)).join(), /^reply [^c]/)
})

test('FastCGI 3.3: a request that begins again while it is under way is refused', () => {
  const side = new ApplicationSide(limits)
  side.push(begin())
  assert.throws(() => side.push(begin()), ProtocolError)
  assert.throws(() => opened().push(begin()), ProtocolError)
})

test('FastCGI 3.3: records of requests that are not under way are let pass', () => {
  for (const type of [2, 4, 5, 8, 3, 6, 7, 12, 255]) {
    assert.deepEqual(push(opened(), rawRecord({ type, requestId: 2, content: 'x' })), [], `type ${type}`)
    const side = opened()
    side.end(1, 0)
    assert.deepEqual(push(side, rawRecord({ type, content: 'x' })), [], `type ${type} after the end`)
  }
})

test('FastCGI 5.5: what comes of a body after an early end is let pass, and its id may be used again', () => {
  const side = opened()
  const record = rawRecord({ type: stdin, content: 'a long body' })
  assert.deepEqual(push(side, record.subarray(0, 12)), ['stdin 1 a lo'])
  side.end(1, 0)
  assert.deepEqual(push(side, record.subarray(12), streamEnd(stdin)), [])
  assert.deepEqual(push(side, begin(), variables([])), ['request 1 responder keeps []'])
})

test('FastCGI 3.3: records of requests on id 0 are refused', () => {
  for (const type of [1, 2, 3, 4, 5, 6, 7, 8]) {
    for (const content of ['', '\0\x01'.repeat(4)]) {
      assert.throws(() => opened().push(rawRecord({ type, requestId: 0, content })), ProtocolError, `type ${type}`)
    }
  }
})

test('FastCGI 3.3: what only an application may send is refused for a request that is under way, and unknown types', () => {
  for (const type of [0, 3, 6, 7, 9, 10, 11, 12, 255]) {
    assert.throws(() => opened().push(rawRecord({ type, content: 'x' })), ProtocolError, `type ${type}`)
  }
})

test('FastCGI 5.4: an aborted request is still to be ended', () => {
  const side = opened()
  assert.deepEqual(push(side, encodeAbortRequest(1)), ['abort 1'])
  assert.equal(side.underWay, 1)
  assert.equal(side.end(1, 1)[1], recordTypes.endRequest)
  assert.deepEqual(push(side, encodeAbortRequest(1)), [], 'too late')
})

test('FastCGI 5.4: a request that is aborted before its variables are complete is ended at once, for nobody has heard of it', () => {
  for (const [keeps, word] of [
    [true, 'reply'],
    [false, 'reply closes'],
  ] as const) {
    const side = new ApplicationSide({ ...limits, maxRequests: 1 })
    side.push(begin(1, roles.responder, keeps))
    side.push(rawRecord({ type: params, content: '\x04\x05NA' }))
    const line = `${word} ${refusal(protocolStatuses.requestComplete)}`
    assert.deepEqual(push(side, ...oneByOne(encodeAbortRequest(1))), [line])
    assert.equal(side.underWay, 0)
    assert.deepEqual(push(side, begin(), variables([])), ['request 1 responder keeps []'])
  }
})

test('FastCGI 4.1: GET_VALUES is told what is known of what was asked, at any time', () => {
  const ask = (...names: readonly string[]): string[] => push(opened(), ...oneByOne(encodeGetValues(names)))
  assert.deepEqual(ask('FCGI_MPXS_CONNS'), told([['FCGI_MPXS_CONNS', '1']]))
  assert.deepEqual(ask('FCGI_MAX_REQS', 'NOBODY_KNOWS', 'FCGI_MAX_REQS'), told([['FCGI_MAX_REQS', '40']]))
  assert.deepEqual(ask(), told([]))
  const single = new ApplicationSide({ ...limits, maxRequests: 1 })
  assert.deepEqual(push(single, encodeGetValues(['FCGI_MPXS_CONNS'])), told([['FCGI_MPXS_CONNS', '0']]))
})

test('FastCGI 4.1: GET_VALUES that is no pairs is refused', () => {
  for (const content of ['\x04', '\x04\x00NAM', '\xff\xff\xff\xff\xff\xff\xff\xff']) {
    const record = rawRecord({ type: recordTypes.getValues, requestId: 0, content })
    assert.throws(() => new ApplicationSide(limits).push(record), ProtocolError)
  }
})

test('FastCGI 4.2: a management record of a type that is not known is told FCGI_UNKNOWN_TYPE', () => {
  for (const type of [0, 10, 11, 12, 255]) {
    const record = rawRecord({ type, requestId: 0, content: 'whatever', padding: 3 })
    assert.deepEqual(push(opened(), ...oneByOne(record)), [`reply ${encodeUnknownType(type).toString('hex')}`])
  }
})

test('FastCGI 5.5: to end what is not under way, or with a status that does not fit, is a TypeError that changes nothing', () => {
  const side = opened()
  assert.throws(() => side.end(2, 0), TypeError)
  assert.throws(() => side.end(1, -1), TypeError)
  assert.equal(side.underWay, 1)
  side.end(1, 0)
  assert.throws(() => side.end(1, 0), TypeError)
})

test('FastCGI 3.3: garbage gives events or a ProtocolError, never another error, and the same wherever it is cut', () => {
  const requestId = fc.nat(3)
  const pieces = fc.oneof(
    { weight: 1, arbitrary: byteStrings(20).map(bytesOf) },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.nat(14), requestId, padding: fc.nat(9), content: byteStrings(9) }).map(rawRecord),
    },
    { weight: 3, arbitrary: fc.tuple(requestId, fc.nat(4), fc.boolean()).map((all) => begin(...all)) },
    { weight: 3, arbitrary: requestId.map((id) => variables(undefined, id)) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom(params, stdin, data), requestId).map((all) => streamEnd(...all)) },
    { weight: 1, arbitrary: requestId.map(encodeAbortRequest) },
    { weight: 1, arbitrary: fc.constantFrom(rawHeader(5, 1, 2, 0), rawHeader(1, 1, 8, 8), encodeGetValues()) },
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), cuts, (parts, at) => {
      const bytes = Buffer.concat(parts)
      const given = { ...limits, maxRequests: 2 }
      const whole = outcome(() => push(new ApplicationSide(given), bytes))
      for (const chunks of [cutBytes(bytes, at), oneByOne(bytes)]) {
        assert.deepEqual(
          outcome(() => push(new ApplicationSide(given), ...chunks)),
          whole,
        )
      }
    }),
    runs,
  )
})
