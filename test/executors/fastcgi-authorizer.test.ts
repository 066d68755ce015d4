// FastCGI 6.3: an application in the part of an authorizer, asked over its socket.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizer, cgi, createGateway, type GatewayEvent } from '../../src/index.ts'
import { plain } from '../conformance/scripts.ts'
import { fastCgiApplication, type Reply } from '../support/fastcgi-application.ts'
import { temporarySite } from '../support/temporary-site.ts'

const words = plain('echo "user=$REMOTE_USER groups=$GROUPS_OF"', 'cat')

async function ask(
  onRequest: (reply: Reply) => void,
  init: RequestInit = {},
): Promise<{ status: number; text: string; events: readonly GatewayEvent[]; replies: readonly Reply[] }> {
  using site = temporarySite()
  site.add('scripts/words', words)
  const replies: Reply[] = []
  await using application = await fastCgiApplication({
    limits: { roles: ['authorizer'] },
    onRequest: (reply) => {
      replies.push(reply)
      onRequest(reply)
    },
  })
  const events: GatewayEvent[] = []
  await using gateway = createGateway({
    observe: (event) => events.push(event),
    routes: [
      {
        path: '/',
        to: cgi(`${site.root}/scripts`, { warm: 'off' }),
        authorizer: authorizer({ fastcgi: application.text }, { env: { REALM: 'here' }, maxRunning: 4 }),
      },
    ],
  })
  const response = await gateway.fetch(new Request('http://localhost/words/info?q', init))
  return { status: response.status, text: await response.text(), events, replies }
}

function grant(reply: Reply): void {
  reply.stdout('Status: 200\r\nVariable-REMOTE_USER: ada\r\nVariable-GROUPS_OF: staff\r\n\r\n')
  reply.end()
}

test('FastCGI 6.3: an application that says 200 lets the request pass, and its variables reach the script', async () => {
  const body = { method: 'POST', body: 'the body', headers: { authorization: 'Basic eDp5' } }
  const { status, text, replies } = await ask(grant, body)
  assert.equal(status, 200)
  assert.equal(text, 'user=ada groups=staff\nthe body')
  const [reply] = replies
  assert.equal(reply?.request.role, 'authorizer')
  const { variables } = reply.request
  for (const name of ['CONTENT_LENGTH', 'PATH_INFO', 'PATH_TRANSLATED', 'SCRIPT_NAME']) {
    assert.equal(variables.get(name), undefined, name)
  }
  assert.equal(variables.get('HTTP_AUTHORIZATION'), 'Basic eDp5')
  assert.equal(variables.get('REQUEST_URI'), '/words/info?q')
  assert.equal(variables.get('REALM'), 'here')
  assert.equal(reply.body(), '', 'an authorizer has no body')
})

test('FastCGI 6.3: any other answer of an application is the client’s', async () => {
  const { status, text, events } = await ask((reply) => {
    reply.stdout('Status: 401 Unauthorized\r\nContent-Type: text/plain\r\n\r\nsign in\n')
    reply.end()
  })
  assert.equal(status, 401)
  assert.equal(text, 'sign in\n')
  assert.deepEqual(
    events.filter(({ type }) => type === 'program-started'),
    [],
  )
})

test('FastCGI 5.5: an application that is no authorizer (FCGI_UNKNOWN_ROLE) opens nothing, and the log names the role', async () => {
  using site = temporarySite()
  site.add('scripts/words', words)
  await using application = await fastCgiApplication({ limits: { roles: ['responder'] } })
  const events: GatewayEvent[] = []
  const to = cgi(`${site.root}/scripts`, { warm: 'off' })
  await using gateway = createGateway({
    observe: (event) => events.push(event),
    routes: [{ path: '/', to, authorizer: authorizer({ fastcgi: application.text }) }],
  })
  const response = await gateway.fetch(new Request('http://localhost/words'))
  await response.text()
  assert.equal(response.status, 502)
  const failed = events.find((event) => event.type === 'script-failed')
  assert.equal(failed?.failure.kind, 'unknown-role')
  assert.match(failed?.diagnosis.cause ?? '', /is no authorizer/)
})

test('Postern: an authorizer’s address and options are checked', () => {
  assert.throws(() => authorizer({ fastcgi: 'nowhere' }), { name: 'TypeError', message: /unix:\/path/ })
  const options: object = { passEnv: ['A'] }
  assert.throws(() => authorizer({ fastcgi: '127.0.0.1:9000' }, options), { name: 'TypeError', message: /passEnv/ })
})
