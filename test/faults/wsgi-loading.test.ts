// Applications that cannot be loaded, and those that are edited while they are served.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/server-process.ts'
import { skip, WsgiStage } from './wsgi-stage.ts'

const settledMs = 60_000

/** A module that answers with this word. */
const saying = (word: string): string => `
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'${word}']
`
const raising = 'import nowhere_to_be_found\n'
const wrong = 'def application(environ, start_response:\n'

async function get(stage: WsgiStage): Promise<string> {
  const { status, body } = await stage.ask({ kind: '', id: 'x' })
  return `${status} ${body}`
}

test(
  'faults: an application that cannot be loaded: 503 without a word of it in production; mended, it serves',
  { skip },
  async () => {
    await using stage = await WsgiStage.open(['--workers', '2'], { 'app.py': raising })
    const answer = await get(stage)
    assert.match(answer, /^503 /)
    assert.doesNotMatch(answer, /nowhere|Traceback|app\.py/)
    assert.match(stage.server.log(), /nowhere_to_be_found/)
    assert.ok(
      await eventually(() => /tried again in [1-9]\d* s/.test(stage.server.log()), settledMs),
      stage.server.log(),
    )
    stage.site.add('app.py', saying('mended'))
    const deadline = performance.now() + settledMs
    let now = answer
    while (now !== '200 mended' && performance.now() < deadline) {
      await sleep(100)
      now = await get(stage)
      assert.match(now, /^(?:503 |200 mended)/)
    }
    assert.equal(now, '200 mended', stage.server.log())
  },
)

test('faults: start-up that fails again and again is tried after ever longer pauses', { skip }, async () => {
  await using stage = await WsgiStage.open(['--workers', '4'], {
    'app.py': `note = open('starts', 'a'); note.write('1\\n'); note.close()\n${raising}`,
  })
  await eventually(() => /in [3-9] s/.test(stage.server.log()), settledMs)
  const starts = stage.noted('starts').length
  assert.ok(starts >= 4 && starts <= 4 * 9, String(starts))
})

test('faults: an application that cannot be loaded: the traceback is on the development page', { skip }, async () => {
  await using stage = await WsgiStage.open(['--dev', '--workers', '2'], { 'app.py': raising })
  const answer = await get(stage)
  assert.match(answer, /^503 /)
  assert.match(answer, /ModuleNotFoundError/)
  assert.match(answer, /nowhere_to_be_found/)
})

for (const args of [[], ['--preload'], ['--threads', '3', '--workers', '2']]) {
  test(
    `faults: --reload ${args.join(' ')}: the very next request sees an edit; an error is a page; mended, it serves`,
    { skip },
    async () => {
      await using stage = await WsgiStage.open(['--dev', '--reload', ...args], { 'app.py': saying('0'), 'part.py': '' })
      const { site } = stage
      for (let round = 0; round < 3; round++) {
        site.add('app.py', saying(`first ${round}`))
        assert.equal(await get(stage), `200 first ${round}`)
        site.add('app.py', wrong)
        const page = await get(stage)
        assert.match(page, /^503 /)
        assert.match(page, /SyntaxError/)
        site.add('app.py', raising)
        assert.match(await get(stage), /^503 [^]*nowhere_to_be_found/)
        site.add('app.py', `from part import application\n`)
        site.add('part.py', saying(`part ${round}`))
        assert.equal(await get(stage), `200 part ${round}`)
        site.add('part.py', saying(`edited ${round}`))
        assert.equal(await get(stage), `200 edited ${round}`)
      }
      assert.doesNotMatch(stage.server.log(), /internal|TypeError|unhandled/i)
    },
  )
}
