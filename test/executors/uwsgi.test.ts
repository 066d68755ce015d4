import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UwsgiExecutor } from '../../src/executors/uwsgi.ts'
import { admitFields } from '../../src/gateway/request-policy.ts'
import { uwsgi as uwsgiMaker } from '../../src/index.ts'
import { UwsgiPacketDecoder, type UwsgiHead } from '../../src/protocol/uwsgi/packet.ts'
import { fakeUpstream, outcomeOf, received, requestOf } from '../support/upstream-server.ts'

const never = new AbortController().signal
const modifiers = { modifier1: 5, modifier2: 1 }

test('uwsgi "The uwsgi Protocol": modifiers, the variables in one packet, then the body', async () => {
  let head: UwsgiHead | undefined
  await using upstream = await fakeUpstream(async (socket) => {
    const text = await received(socket, (all) => all.endsWith('body'))
    head = new UwsgiPacketDecoder().push(Buffer.from(text, 'latin1'))
    socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello')
  })
  await using uwsgi = new UwsgiExecutor({ address: upstream.address, connectTimeoutMs: 5000, modifiers })
  const outcome = await outcomeOf(uwsgi.run(requestOf({ UWSGI_SCRIPT: 'app' }, Buffer.from('body')), never))
  assert.equal(outcome.output, 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello')
  assert.equal(outcome.failure, undefined)
  assert.deepEqual([head?.modifier1, head?.modifier2], [5, 1])
  assert.equal(head?.variables.get('UWSGI_SCRIPT'), 'app')
  assert.equal(Buffer.from(head.rest).toString(), 'body')
})

test('CVE-2020-11984: variables of more than 64 KiB are refused, the largest by name, and nothing is sent', async () => {
  await using upstream = await fakeUpstream((socket) => socket.end())
  await using uwsgi = new UwsgiExecutor({ address: upstream.address, connectTimeoutMs: 5000, modifiers })
  const { failure } = await outcomeOf(uwsgi.run(requestOf({ HTTP_COOKIE: 'c'.repeat(66_000) }), never))
  assert.ok(failure?.kind === 'variables-too-large')
  assert.equal(failure.variable, 'HTTP_COOKIE')
  assert.equal(failure.limit, 65535)
  assert.ok(failure.bytes > 66_000)
  assert.equal(upstream.connections, 0)
})

test('uwsgi magic variables: no field of a client becomes UWSGI_…, whatever it is called', () => {
  const names = ['UWSGI_SCRIPT', 'Uwsgi-File', 'UWSGI_CHDIR', 'uwsgi_module', 'Http-Uwsgi-Script']
  for (const name of names) {
    const admitted = admitFields([[name, 'evil']], {
      passAuthorization: true,
      passFields: new Set([name.toLowerCase()]),
    })
    assert.ok('variables' in admitted)
    for (const variable of admitted.variables.keys()) assert.match(variable, /^HTTP_/)
  }
})

test('uwsgi(): modifiers are bytes; what is none is refused by name', () => {
  assert.throws(() => uwsgiMaker('unix:/a', { modifier1: 256 }), { name: 'TypeError', message: /modifier1/ })
  assert.throws(() => uwsgiMaker([], {}), { name: 'TypeError', message: /at least one address/ })
})
