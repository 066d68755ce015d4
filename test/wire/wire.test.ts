// Runs every case below requests/ over a real socket: status, smuggled requests, closed connections, no hangs.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { serve, type PosternServer } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { readAnswers } from './read-answers.ts'
import { readWireCases, type Part, type WireCase } from './request-file.ts'

const typed = 'printf "Content-Type: text/plain\\n\\n"\n'

const site = temporarySite({
  'file.txt': 'file\n',
  'cgi-bin/mark': `#!/bin/sh\necho "$REQUEST_METHOD $REQUEST_URI" >> mark.log\n${typed}echo "mark $REQUEST_METHOD $REQUEST_URI"\n`,
  'cgi-bin/echo': `#!/bin/sh\n${typed}exec cat\n`,
  'cgi-bin/env': `#!/bin/sh\n${typed}env\n`,
  'cgi-bin/slow': `#!/bin/sh\nsleep 1\n${typed}echo slow\n`,
  'cgi-bin/stream': `#!/bin/sh\n${typed}echo first\nsleep 0.1\necho second\n`,
  'cgi-bin/ignore': `#!/bin/sh\n${typed}echo ignored\n`,
})
const markLog = join(site.root, 'cgi-bin/mark.log')
const servers = new Map<string, Promise<PosternServer>>()

/** What a test may leave open: a connection must not be kept only because of a test. */
const afterwardsMs = 60

after(async () => {
  for (const server of servers.values()) await (await server).destroy()
  site[Symbol.dispose]()
})

function serverFor(options: Readonly<Record<string, string>>): Promise<PosternServer> {
  const key = JSON.stringify(options)
  const running = servers.get(key) ?? serve(site.root, { port: 0, killGrace: '100ms', ...options })
  servers.set(key, running)
  return running
}

function runs(): number {
  return existsSync(markLog) ? readFileSync(markLog, 'utf8').split('\n').length - 1 : 0
}

interface Conversation {
  readonly raw: string
  readonly closed: boolean
  readonly reset: boolean
  readonly tookMs: number
}

/** Sends the parts; ends when the server closes, when all answers have come and it does not, or when time is up. */
function converse(url: string, { parts, statuses, methods, closes, atMostMs }: WireCase): Promise<Conversation> {
  const { hostname, port } = new URL(url)
  const since = performance.now()
  return new Promise((resolve) => {
    let raw = ''
    let closed = false
    let reset = false
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    const finish = (): void => {
      clearTimeout(limit)
      socket.destroy()
      resolve({ raw, closed, reset, tookMs: performance.now() - since })
    }
    const limit = setTimeout(finish, atMostMs)
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      raw += String(text)
      if (!closes && readAnswers(raw, methods, false).final.length >= statuses.length) setTimeout(finish, afterwardsMs)
    })
    socket.on('end', () => {
      closed = true
      finish()
    })
    socket.on('error', () => {
      closed = true
      reset = true
      finish()
    })
    void send(parts, socket)
  })
}

async function send(parts: readonly Part[], socket: ReturnType<typeof connect>): Promise<void> {
  for (const part of parts) {
    if (socket.destroyed) return
    if (part.kind === 'bytes') socket.write(part.bytes)
    else if (part.kind === 'end') socket.end()
    else await new Promise((resolve) => setTimeout(resolve, part.ms))
  }
}

const cases = readWireCases(fileURLToPath(new URL('../../../test/wire/requests', import.meta.url)))

for (const wireCase of cases) {
  test(`${wireCase.title} (${wireCase.file})`, async () => {
    const { url } = await serverFor(wireCase.options)
    const before = runs()
    const { raw, closed, reset, tookMs } = await converse(url, wireCase)
    const shown = JSON.stringify(raw.slice(0, 2000))
    const answers = readAnswers(raw, wireCase.methods, closed)
    assert.deepEqual(
      answers.final.map(({ status }) => status),
      wireCase.statuses,
      shown,
    )
    assert.equal(answers.left, '', 'nothing comes after the last answer')
    assert.equal(answers.interim, wireCase.interim, `interim answers in ${shown}`)
    assert.equal(reset, false, `the connection is not reset: ${shown}`)
    assert.equal(closed, wireCase.closes, `closed by the server after ${Math.round(tookMs)} ms: ${shown}`)
    assert.equal(runs() - before, wireCase.runs, 'runs of the script')
    const last = answers.final.at(-1)
    const lastText =
      last === undefined ? '' : `${last.fields.map((pair) => pair.join(': ')).join('\n')}\n\n${last.rest}`
    for (const text of wireCase.says) assert.ok(lastText.includes(text), `${JSON.stringify(text)} in ${shown}`)
    for (const text of wireCase.not) assert.ok(!raw.includes(text), `no ${JSON.stringify(text)} in ${shown}`)
  })
}

test('the wire cases are found', () => {
  assert.ok(cases.length >= 60, `${cases.length} cases`)
})
