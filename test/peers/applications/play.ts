// Registers every request of the table, and every scenario, for every application under one server as a test of its own.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, type PeerAnswer } from '../client.ts'
import { ownFields, requestDifferences, scenarioDifferences, type ServerName } from './differences.ts'
import { table, type ReferenceAnswer, type TableEntry } from './requests.ts'
import { scenarios, type Scenario } from './scenarios.ts'
import { applicationNames, type ApplicationName, type Way, type Ways } from './way.ts'

const longestMs = 60_000
/** Of the server, or of the connection: they say nothing of the application. */
const ofTheServer = new Set(['date', 'server', 'connection', 'keep-alive', 'transfer-encoding', 'content-length'])

export interface ToPlay {
  readonly server: ServerName
  /** For the tests' `skip`: what is missing here. */
  readonly skip: string | false
  readonly names?: readonly ApplicationName[]
}

/** `ways` of what is started before the tests. */
export function playApplications({ server, skip, names = applicationNames }: ToPlay, ways: () => Ways): void {
  const left = new Map<string, string>(
    scenarioDifferences
      .filter(({ servers }) => servers.includes(server))
      .flatMap(({ scenarios: titles, reason }) => titles.map((title): [string, string] => [title, reason])),
  )
  for (const name of names) {
    const way = (): Way => {
      const found = ways()[name]
      if (found === undefined) throw new TypeError(`there is no ${name}`)
      return found
    }
    // Several at once: most of the time is spent where programs start.
    describe(`${server}, ${name}`, { skip, concurrency: 3 }, () => {
      for (const [title, entry] of Object.entries<TableEntry>(table)) {
        test(`${server}, ${name}: ${title}`, { timeout: longestMs * 1.5 }, () =>
          playRequest(server, name, title, entry, way()),
        )
      }
      for (const [title, play] of Object.entries<Scenario>(scenarios)) {
        if (left.has(title)) continue
        test(`${server}, ${name}: ${title}`, { timeout: longestMs * 1.5 }, () => play(way()))
      }
    })
  }
}

/** What is started for all of a file's tests. */
export function staged<T extends AsyncDisposable>(skip: string | false, start: () => Promise<T>): () => T {
  let started: T | undefined
  before(async () => {
    if (skip === false) started = await start()
  })
  after(() => started?.[Symbol.asyncDispose]())
  return () => {
    if (started === undefined) throw new TypeError('nothing has been started')
    return started
  }
}

async function playRequest(
  server: ServerName,
  name: ApplicationName,
  title: string,
  entry: TableEntry,
  { base }: Way,
): Promise<void> {
  const { request } = entry
  const { origin, pathname } = new URL(base)
  const mount = pathname.replace(/\/$/, '')
  const answer = await ask(origin, { ...request, target: mount + request.target }, longestMs)
  const wanted = wantedOf(server, name, title, entry.answer)
  assert.deepEqual(shownOf(server, answer, wanted), { ...wanted, length: undefined, whole: true })
  const lengths = answer.fields.filter(([field]) => field === 'content-length').map(([, value]) => value)
  const length = wanted.length ?? wanted.body?.length ?? answer.body.length
  assert.ok(
    lengths.every((one) => one === String(length)),
    `Content-Length: ${lengths.join()}, not ${length}`,
  )
}

function wantedOf(
  server: ServerName,
  name: ApplicationName,
  title: string,
  reference: ReferenceAnswer,
): ReferenceAnswer {
  return requestDifferences
    .filter(({ servers, requests }) => servers.includes(server) && requests.some((one) => one === title))
    .filter(({ names = applicationNames }) => names.includes(name))
    .reduce((answer, difference) => ({ ...answer, ...difference.answer }), reference)
}

/** As far as the reference says something. */
function shownOf(
  server: ServerName,
  answer: PeerAnswer,
  { body }: ReferenceAnswer,
): ReferenceAnswer & { readonly whole: boolean } {
  const isOwn = body === undefined
  const added = ownFields.filter(({ servers }) => servers.includes(server)).flatMap(({ fields }) => fields)
  return {
    status: answer.status,
    fields: answer.fields
      .filter(([name]) => !ofTheServer.has(name))
      // The body’s type is the application's own, as is the body.
      .filter(
        ([name]) => !isOwn || !/^(?:content-type|vary|x-content-type-options|content-security-policy)$/.test(name),
      )
      .map(([name, value]) => `${name}: ${name === 'content-type' ? value.replace(/;.*/, '') : value}`)
      .filter((field) => !added.includes(field))
      .sort(),
    body: isOwn ? undefined : answer.body,
    length: undefined,
    whole: answer.whole,
  }
}
