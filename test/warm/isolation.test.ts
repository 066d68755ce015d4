// Nothing crosses from one request to another, however long the program that serves them has been there: neither what a
// script leaves behind, nor whose request it was. POSTERN_ISOLATION_REQUESTS says how many requests of mixed users.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { cgi, createGateway, type GatewayEvent, type PosternGateway } from '../../src/index.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { warmth, type Warmth } from './warmth.ts'

interface Language {
  readonly name: string
  readonly extension: string
  readonly skip: string | false
}

/** Where the scripts look for descriptors. */
const noProc = existsSync('/proc/self/fd') ? false : 'needs /proc'

const languages: readonly Language[] = [
  { name: 'python', extension: 'py', skip: noProc || missing('/usr/bin/python3') },
  { name: 'perl', extension: 'pl', skip: noProc || missing('/usr/bin/perl') },
]
const here = languages.filter(({ skip }) => skip === false)

const atOnce = 8
const users = 40
const requests = Number(process.env['POSTERN_ISOLATION_REQUESTS'] ?? 600)
/** A cold start takes a small part of it. */
const timeout = 60_000 + requests * 100
const mostShown = 20

const sources = fileURLToPath(new URL('../../../test/warm/isolation/', import.meta.url))
const origin = 'http://www.example.org'

function siteOfScripts(): TemporarySite {
  const site = temporarySite()
  for (const { extension } of languages) {
    for (const name of ['leave', 'look', 'users'].map((word) => `${word}.${extension}`)) {
      site.add(`scripts/${name}`, readFileSync(join(sources, name)))
    }
  }
  return site
}

function open(site: TemporarySite, mode: Warmth, observe: (event: GatewayEvent) => void = () => {}): PosternGateway {
  return createGateway({ observe, routes: [{ path: '/', to: cgi(`${site.root}/scripts`, warmth(mode)) }] })
}

async function textOf(gateway: PosternGateway, script: string): Promise<string> {
  return (await gateway.fetch(new Request(`${origin}/${script}`))).text()
}

for (const { name, extension, skip } of languages) {
  test(`isolation: ${name}: a script finds nothing of what others have left`, { skip }, async () => {
    using site = siteOfScripts()
    const lines: string[] = []
    let isWarm = false
    await using cold = open(site, 'off')
    await using warm = open(site, 'on', (event) => {
      if (event.type === 'diagnostic-line') lines.push(event.line)
      if (event.type === 'program-started') isWarm = event.isWarm
    })
    await untilWarm(warm, `look.${extension}`, () => isWarm)
    const expected = (await textOf(cold, `look.${extension}`)).split('\n')
    assert.ok(expected.length > 10, expected.join('\n'))
    for (const script of ['look', 'leave', 'look', 'leave', 'leave', 'look', 'look']) {
      const said = await textOf(warm, `${script}.${extension}`)
      if (script === 'leave') assert.ok(said.startsWith('left'), lines.join('\n'))
      else assert.deepEqual(said.split('\n'), expected)
      assert.ok(isWarm)
    }
    const mixed = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? 'leave' : 'look'))
    const answers = await Promise.all(mixed.map((script) => textOf(warm, `${script}.${extension}`)))
    for (const said of answers.filter((_, index) => index % 2 === 1)) assert.deepEqual(said.split('\n'), expected)
  })
}

const title = `isolation: ${requests} requests, ${atOnce} at once: every user gets what is theirs, and chance of their own`
test(title, { skip: here.length === 0 && 'neither language can be tested here', timeout }, async () => {
  using site = siteOfScripts()
  const wrong: string[] = []
  const numbers = new Set<string>()
  const log = new LogOfUsers()
  let isWarm = false
  let warmOnes = 0
  let isCounted = false
  await using gateway = open(site, 'on', (event) => {
    if (isCounted) log.take(event)
    if (event.type === 'program-started') isWarm = event.isWarm
    if (event.type === 'program-started' && event.isWarm) warmOnes++
  })
  for (const { extension } of here) await untilWarm(gateway, `look.${extension}`, () => isWarm)
  // Their last words may still be on their way.
  await sleep(500)
  warmOnes = 0
  isCounted = true
  let next = 0
  const work = async (): Promise<void> => {
    while (next < requests) {
      const number = next++
      const language = here[number % here.length]
      if (language === undefined) return
      wrong.push(...(await askAs(gateway, language, number, numbers)))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  await log.ended(requests)
  wrong.push(...log.wrong())
  const shown = wrong.slice(0, mostShown).join('\n')
  // One whose worker does not come in time, or whose launcher is being renewed, is started afresh.
  assert.ok(warmOnes > requests * 0.9, `only ${warmOnes} of ${requests} were warm`)
  assert.equal(wrong.length, 0, `${wrong.length} things went wrong in ${requests} requests:\n${shown}`)
})

/** The first requests start the launcher, and are started afresh themselves. */
async function untilWarm(gateway: PosternGateway, script: string, isWarm: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline;) {
    await textOf(gateway, script)
    if (isWarm()) return
    await sleep(50)
  }
  throw new Error(`${script} is never warm`)
}

/** What is wrong with the answer to one request. */
async function askAs(
  gateway: PosternGateway,
  { name, extension }: Language,
  number: number,
  numbers: Set<string>,
): Promise<readonly string[]> {
  const user = `user-${(number * 7) % users}`
  const body = number % 3 === 0 ? { method: 'POST', body: `body of ${user}` } : {}
  const headers = { Cookie: `user=${user}` }
  const request = new Request(`${origin}/users.${extension}?user=${user}&number=${number}`, { headers, ...body })
  let answer: Response
  let text: string
  try {
    answer = await gateway.fetch(request)
    text = await answer.text()
  } catch (error) {
    return [`${name}, request ${number} of ${user}: broken off: ${String(error)}`]
  }
  const all = `${[...answer.headers].flat().join('\n')}\n${text}`
  const wrong = (what: string): string => `${name}, request ${number} of ${user}: ${what}: ${JSON.stringify(text)}`
  if (answer.status !== 200) return [wrong(`status ${answer.status}`)]
  const strangers = [...all.matchAll(/user-\d+/g)].map(([found]) => found).filter((found) => found !== user)
  const random = /^random (\w+)$/m.exec(text)?.[1] ?? ''
  const found = /^found (.*)$/m.exec(text)?.[1] ?? ''
  const faults = [
    ...(strangers.length > 0 ? [wrong(`it holds ${strangers.join()}`)] : []),
    ...(/user-/.test(found) ? [wrong('an earlier request was found')] : []),
    ...(answer.headers.get('x-user') === user && text.includes(`user ${user} ${user}`) ? [] : [wrong('no own name')]),
    ...('body' in body && !text.includes(body.body) ? [wrong('no own body')] : []),
    ...(random === '' || numbers.has(random) ? [wrong('a random number that another request had')] : []),
  ]
  numbers.add(random)
  return faults
}

/** Holds the lines of standard error to the requests of which they came. */
class LogOfUsers {
  readonly #users = new Map<string, string>()
  readonly #lines: { readonly id: string; readonly user: string }[] = []

  take(event: GatewayEvent): void {
    if (event.type === 'diagnostic-line') {
      this.#lines.push({ id: event.id, user: /user-\d+/.exec(event.line)?.[0] ?? event.line })
    } else if (event.type === 'request-ended') {
      this.#users.set(event.request.id, /user-\d+/.exec(event.request.target)?.[0] ?? '')
    }
  }

  /** A line may come after its answer. */
  async ended(count: number): Promise<void> {
    const deadline = performance.now() + 3000
    while (this.#lines.length < count && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  wrong(): readonly string[] {
    const strangers = this.#lines.filter(({ id, user }) => this.#users.get(id) !== user)
    return [
      ...(this.#lines.length === this.#users.size
        ? []
        : [`${this.#lines.length} lines of ${this.#users.size} requests`]),
      ...strangers.map(({ id, user }) => `the log of ${this.#users.get(id)} has ${JSON.stringify(user)}`),
    ]
  }
}
