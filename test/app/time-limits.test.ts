// The limits of a handler's time, under every gateway: what passes them, what does not count, and who hears of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { open, readAll, readRecords, streamOf, types, endOf } from '../support/gateway-clients.ts'
import { ask, kinds, send, start, type Kind, type Started } from './all-sockets.ts'
import { runCgi, until } from './run-application.ts'

function timed(limits: object, as: 'fetch' | 'listener'): NodeJS.ProcessEnv {
  return { SERVE_OPTIONS: JSON.stringify(limits), AS_LISTENER: as === 'listener' ? '1' : '0' }
}

/** What came by each kind at once, and what was told there or in the log, in which the pattern must be. */
async function askAll(started: Started, path: string, told: RegExp): Promise<ReadonlyMap<Kind, Buffer>> {
  const answers = await Promise.all(
    kinds.map(async (kind) => {
      const { bytes } = await readAll(send(started, kind, path))
      if (kind !== 'fastcgi') return [kind, bytes] as const
      const { records } = readRecords(bytes)
      assert.match(streamOf(records, 1, types.stderr).toString(), told)
      if (!path.endsWith('never')) assert.equal(endOf(records, 1), undefined, 'broken off')
      return [kind, streamOf(records, 1, types.stdout)] as const
    }),
  )
  const lines = (): number => started.log().match(new RegExp(told, 'gm'))?.length ?? 0
  await until(
    () => lines() === kinds.length - 1,
    () => started.log(),
  )
  return new Map(answers)
}

const late =
  /^GET \/never got no answer from its handler within 0\.8 seconds\. It was answered with 504.* firstByteTimeout/m
const silent =
  /^GET \/half got a part of its answer, and then nothing for 0\.8 seconds\. It was broken off.* idleTimeout/m
const long = /^GET \/endless was not answered whole within one second\. It was broken off.* totalTimeout/m

for (const as of ['fetch', 'listener'] as const) {
  test(`RFC 9110 15.6.5: a ${as} handler without an answer for firstByteTimeout is 504, and told; the next request is served`, async () => {
    await using started = await start('timed.mjs', timed({ firstByteTimeout: 800 }, as))
    for (const [kind, bytes] of await askAll(started, '/never', late)) {
      assert.match(bytes.toString(), /^(?:HTTP\/1\.1|Status:) 504 /, kind)
      assert.match(bytes.toString(), /\r\n\r\nGateway Timeout\n$/, kind)
      assert.equal((await ask(started, kind, '/hello')).body, 'hello\n')
    }
    const reasons = started
      .notes()
      .match(/^aborted: TimeoutError: no answer within 0\.8 seconds \(firstByteTimeout\)$/gm)
    assert.equal(reasons?.length, kinds.length)
    if (as === 'listener') await until(() => /^closed$/m.test(started.notes()))
  })

  test(`Postern: what a ${as} handler has begun and does not go on with for idleTimeout is broken off, and told`, async () => {
    await using started = await start('timed.mjs', timed({ idleTimeout: '800ms' }, as))
    for (const [kind, bytes] of await askAll(started, '/half', silent)) {
      assert.ok(bytes.includes('a part\n'), kind)
      assert.ok(!bytes.includes('0\r\n\r\n'), kind)
      assert.equal((await ask(started, kind, '/hello')).body, 'hello\n')
    }
    assert.match(started.notes(), /^aborted: TimeoutError: no output for 0\.8 seconds \(idleTimeout\)$/m)
  })

  test(`Postern: a ${as} handler is not late while it gives something now and then; totalTimeout is for the whole`, async () => {
    const limits = { firstByteTimeout: 1000, idleTimeout: 1000 }
    await using patient = await start('timed.mjs', timed(limits, as))
    const steps = await Promise.all(kinds.map((kind) => ask(patient, kind, '/steps')))
    for (const { body } of steps) assert.match(body, /part 15\n/)
    assert.doesNotMatch(patient.log() + patient.notes(), /Timeout/)
    await using strict = await start('timed.mjs', timed({ ...limits, totalTimeout: 1000 }, as))
    for (const [kind, bytes] of await askAll(strict, '/endless', long)) assert.ok(bytes.includes('part 1\n'), kind)
    const before = performance.now()
    assert.match((await ask(strict, 'scgi', '/never')).status, /^504/)
    assert.ok(performance.now() - before >= 1000)
  })

  test(`RFC 3875 6.2.1: the limits are a CGI program's too (${as})`, async () => {
    const never = await runCgi('timed.mjs', '/never', timed({ firstByteTimeout: 800 }, as))
    assert.match(never.status, /^504 /)
    assert.match(never.log, /^GET \/cgi-bin\/timed\.mjs\/never got no answer .* firstByteTimeout/m)
    assert.deepEqual(never.exit, [0, null])
    const half = await runCgi('timed.mjs', '/half', timed({ idleTimeout: 800 }, as))
    assert.equal(half.body, 'a part\n')
    assert.match(half.log, /idleTimeout/)
    assert.deepEqual(half.exit, [1, null])
  })

  test(`Postern: the time in which a ${as} handler waits for its client does not count`, async () => {
    await using started = await start('timed.mjs', timed({ firstByteTimeout: 800, idleTimeout: 800 }, as))
    const sender = open(started.address.http)
    sender.write('POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n')
    const reader = send(started, 'http', '/big').pause()
    for (let at = 0; at < 2; at++) {
      await sleep(1500)
      sender.write('x')
    }
    assert.match((await readAll(sender)).bytes.toString(), /^HTTP\/1\.1 200 [^]*\n2\n/)
    const { bytes } = await readAll(reader.resume())
    assert.ok(bytes.length > 16 * 1024 * 1024, `${bytes.length}`)
    assert.ok(bytes.toString('latin1').endsWith('0\r\n\r\n'))
    assert.doesNotMatch(started.log() + started.notes(), /Timeout/)
  })
}

test('Postern: off and 0 are no limit; a limit that is none is a TypeError', async () => {
  const limits = { firstByteTimeout: 'off', idleTimeout: 0, totalTimeout: 0 }
  const answer = await runCgi('timed.mjs', '/late', timed(limits, 'fetch'))
  assert.equal(answer.body, 'late\n')
  const wrong = await runCgi('timed.mjs', '/hello', timed({ firstByteTimeout: 'soon' }, 'fetch'))
  assert.match(wrong.log, /TypeError: firstByteTimeout is a duration such as 30s/)
})
