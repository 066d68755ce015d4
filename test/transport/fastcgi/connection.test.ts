// One connection to a FastCGI application, without a pool.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayFailure } from '../../../src/events/failures.ts'
import { connect } from '../../../src/transport/connect.ts'
import { FastCgiConnection, type FastCgiListener } from '../../../src/transport/fastcgi/connection.ts'
import { fastCgiApplication } from '../../support/fastcgi-application.ts'
import { eventually } from '../../support/server-process.ts'

const never = new AbortController().signal
const call = { role: 'responder', variables: new Map(), body: new Uint8Array(0), keepsConnection: true } as const

class Heard implements FastCgiListener {
  hasEnded = false
  failure: GatewayFailure | undefined
  stdout(): void {}
  stderr(): void {}
  end(): void {
    this.hasEnded = true
  }
  fail(failure: GatewayFailure): void {
    this.failure = failure
  }
}

test('FastCGI 5.4: an application that goes on after an abort takes no further request, and is closed when the others have ended', async () => {
  const ends: (() => void)[] = []
  await using application = await fastCgiApplication({
    limits: { maxRequests: 10 },
    onBody: (reply) => ends.push(() => reply.end()),
  })
  const connection = new FastCgiConnection(await connect(application.address, 5000, never), 'x')
  const [aborted, other] = [new Heard(), new Heard()]
  const id = connection.begin(call, aborted)
  connection.begin(call, other)
  assert.ok(await eventually(() => ends.length === 2, 5000))
  connection.abort(id)
  assert.ok(await eventually(() => aborted.failure !== undefined, 5000))
  assert.equal(connection.isRetired, true)
  assert.equal(connection.isClosed, false)
  ends[1]?.()
  assert.ok(await eventually(() => connection.isClosed, 5000))
  assert.equal(other.hasEnded, true)
})
