// FastCGI 1.0, 3.3: several requests on one connection, both state machines back to back.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf, type ByteString } from '../../../src/bytes/byte-string.ts'
import { ApplicationSide } from '../../../src/protocol/fastcgi/application-side.ts'
import { encodeAbortRequest, encodeBeginRequest, roles, type RoleName } from '../../../src/protocol/fastcgi/messages.ts'
import { encodeNameValues } from '../../../src/protocol/fastcgi/name-values.ts'
import { encodeStream, encodeStreamEnd, recordTypes } from '../../../src/protocol/fastcgi/record.ts'
import { ServerSide } from '../../../src/protocol/fastcgi/server-side.ts'
import { byteStrings, cutBytes, cuts, runs } from '../arbitraries.ts'

const names: readonly RoleName[] = ['responder', 'authorizer', 'filter']

interface Plan {
  readonly role: RoleName
  readonly variables: readonly (readonly [ByteString, ByteString])[]
  /** Each written by itself. */
  readonly stdin: readonly ByteString[]
  readonly data: readonly ByteString[]
  readonly stdout: readonly ByteString[]
  readonly stderr: readonly ByteString[]
  readonly appStatus: number
}

const word = byteStrings(20).map((text) => text.replaceAll('\0', '0'))
const pieces = fc.array(byteStrings(30), { maxLength: 4 })
const plans: fc.Arbitrary<Plan> = fc.record({
  role: fc.constantFrom(...names),
  variables: fc.uniqueArray(fc.tuple(word, word), { maxLength: 4, selector: ([name]) => name }),
  stdin: pieces,
  data: pieces,
  stdout: pieces,
  stderr: pieces,
  appStatus: fc.nat(255),
})

function stream(type: number, id: number, texts: readonly ByteString[], ends = true): Uint8Array[] {
  const parts = texts.filter((text) => text !== '').map((text) => Buffer.concat(encodeStream(type, id, bytesOf(text))))
  return ends ? [...parts, encodeStreamEnd(type, id)] : parts
}

function questionOf({ role, variables, stdin, data }: Plan, id: number): Uint8Array[] {
  return [
    encodeBeginRequest(id, { role: roles[role], keepsConnection: true }),
    ...stream(recordTypes.params, id, [byteStringOf(encodeNameValues(variables))]),
    ...stream(recordTypes.stdin, id, stdin),
    ...(role === 'filter' ? stream(recordTypes.data, id, data) : []),
  ]
}

/** Takes from the front of the lists in turn, as the choices say. */
function interleave(lists: readonly (readonly Uint8Array[])[], choices: readonly number[]): Buffer {
  const left = lists.map((list) => [...list])
  const all: Uint8Array[] = []
  for (let turn = 0; ; turn++) {
    const open = left.filter((list) => list.length > 0)
    const next = open[(choices[turn % choices.length] ?? 0) % open.length]?.shift()
    if (next === undefined) return Buffer.concat(all)
    all.push(next)
  }
}

interface Heard {
  role: string
  variables: readonly (readonly [ByteString, ByteString])[]
  stdin: ByteString
  data: ByteString
  ends: string[]
}

interface Answered {
  stdout: ByteString
  stderr: ByteString
  appStatus: number | undefined
}

test('FastCGI 3.3: of requests interleaved on one connection each gets its own streams, whole and in their order, both ways', () => {
  const turns = fc.array(fc.nat(20), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fc.array(plans, { minLength: 1, maxLength: 5 }), turns, turns, cuts, cuts, (all, to, fro, at, back) => {
      const server = new ServerSide()
      const byId = new Map(all.map((plan) => [server.begin(), plan]))
      const application = new ApplicationSide({
        maxVariablesBytes: 10_000,
        maxRequests: all.length,
        roles: names,
        values: new Map(),
      })

      const heard = new Map<number, Heard>()
      const questions = interleave(
        [...byId].map(([id, plan]) => questionOf(plan, id)),
        to,
      )
      for (const event of cutBytes(questions, at).flatMap((chunk) => application.push(chunk))) {
        if (event.kind === 'request') {
          heard.set(event.requestId, {
            role: event.role,
            variables: [...event.variables],
            stdin: '',
            data: '',
            ends: [],
          })
          continue
        }
        assert.ok(event.kind !== 'reply' && event.kind !== 'abort')
        const one = heard.get(event.requestId)
        assert.ok(one !== undefined)
        if (event.kind === 'stdin' || event.kind === 'data') one[event.kind] += byteStringOf(event.content)
        else one.ends.push(event.kind)
      }
      for (const [id, { role, variables, stdin, data }] of byId) {
        assert.deepEqual(heard.get(id), {
          role,
          variables,
          stdin: stdin.join(''),
          data: role === 'filter' ? data.join('') : '',
          ends: role === 'filter' ? ['stdin-end', 'data-end'] : ['stdin-end'],
        })
      }

      const answered = new Map<number, Answered>()
      const answers = [...byId].map(([id, { stdout, stderr, appStatus }]) => [
        interleave([stream(recordTypes.stdout, id, stdout), stream(recordTypes.stderr, id, stderr, false)], fro),
        application.end(id, appStatus),
      ])
      for (const event of cutBytes(interleave(answers, fro), back).flatMap((chunk) => server.push(chunk))) {
        assert.ok(event.kind === 'stdout' || event.kind === 'stderr' || event.kind === 'end')
        const one = answered.get(event.requestId) ?? { stdout: '', stderr: '', appStatus: undefined }
        answered.set(event.requestId, one)
        assert.equal(one.appStatus, undefined, 'nothing comes after the end')
        if (event.kind === 'end') one.appStatus = event.end.appStatus
        else one[event.kind] += byteStringOf(event.content)
      }
      for (const [id, { stdout, stderr, appStatus }] of byId) {
        assert.deepEqual(answered.get(id), { stdout: stdout.join(''), stderr: stderr.join(''), appStatus })
      }
      assert.ok(server.isAtRest)
      assert.equal(application.underWay, 0)
    }),
    runs,
  )
})

test('FastCGI 3.3, 5.4: an id that is used again, after an abort or an early end, gets nothing of the request before', () => {
  const server = new ServerSide()
  const application = new ApplicationSide({
    maxVariablesBytes: 1000,
    maxRequests: 2,
    roles: names,
    values: new Map(),
  })
  const ask = (name: string, body: string): Uint8Array[] => {
    const variables: Plan['variables'] = [['NAME', name]]
    const plan: Plan = { role: 'responder', variables, stdin: [body], data: [], stdout: [], stderr: [], appStatus: 0 }
    return questionOf(plan, server.begin())
  }
  const first = ask('first', 'body of the first')
  for (const bytes of first.slice(0, -1)) application.push(bytes)
  application.push(encodeAbortRequest(1))
  // The end meets what the server had already sent.
  const end = application.end(1, 0)
  assert.deepEqual(
    first.slice(-1).flatMap((bytes) => application.push(bytes)),
    [],
  )
  server.push(end)
  const events = ask('second', 'another').flatMap((bytes) => application.push(bytes))
  const [request, body, last] = events
  assert.ok(request?.kind === 'request' && request.requestId === 1)
  assert.deepEqual([...request.variables], [['NAME', 'second']])
  assert.ok(body?.kind === 'stdin' && byteStringOf(body.content) === 'another')
  assert.equal(last?.kind, 'stdin-end')
})
