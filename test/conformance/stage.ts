// Sets up a family's site with the client of one cell, and lets cases play on it.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { byteStringOf, byteStringOfText, type ByteString } from '../../src/bytes/byte-string.ts'
import type { GatewayEvent } from '../../src/index.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { exchangeBytes, parseAnswer } from '../support/wire.ts'
import type { Cell } from './cell.ts'
import {
  optionsOf,
  type CaseRequest,
  type ConformanceCase,
  type Family,
  type OpenAnswer,
  type Seen,
  type Stage,
} from './case.ts'
import { check } from './check.ts'
import type { Client } from './clients/client.ts'
import { clients } from './clients/clients.ts'
import { openGateway, type CellGateway } from './gateways.ts'
import { plain } from './scripts.ts'
import { inLanguage, type WarmLanguage } from './warm-scripts.ts'

const primePath = 'cgi-bin/prime.cgi'
const longestWarmUpMs = 20_000

export class FamilyStage implements AsyncDisposable {
  readonly #cell: Cell
  readonly #site: TemporarySite
  #gateway: CellGateway | undefined
  #client: Client | undefined
  readonly #scripts: ReadonlyMap<ConformanceCase, string>
  readonly #events: GatewayEvent[] = []
  /** Exchanges of earlier cases, whose last events may come late. */
  readonly #earlier = new Set<string>()
  /** Programs that only a warm interpreter may run. */
  readonly #warm: ReadonlySet<ByteString>

  static async open(family: Family, cell: Cell): Promise<FamilyStage> {
    const { site, warm } = siteOf(cell)
    for (const [path, content] of Object.entries(family.files ?? {})) site.add(path, content)
    const scripts = new Map<ConformanceCase, string>()
    for (const [index, item] of family.cases.entries()) {
      const path = item.at ?? `cgi-bin/case-${index + 1}`
      if (item.script !== undefined) site.add(path, item.script)
      scripts.set(item, `/${path}`)
    }
    if (warm !== undefined) site.add(primePath, plain())
    family.prepare?.(site)
    const stage = new FamilyStage(cell, site, scripts, warm ?? new Set())
    try {
      stage.#gateway = await openGateway(cell, family, site, (event) => stage.#take(event))
      stage.#client = await clients[cell.frontend](stage.#gateway.gateway, family, optionsOf(family, site))
      if (warm !== undefined) await stage.#warmUp(family)
      return stage
    } catch (error) {
      await stage[Symbol.asyncDispose]()
      throw error
    }
  }

  private constructor(
    cell: Cell,
    site: TemporarySite,
    scripts: ReadonlyMap<ConformanceCase, string>,
    warm: ReadonlySet<ByteString>,
  ) {
    this.#cell = cell
    this.#site = site
    this.#scripts = scripts
    this.#warm = warm
  }

  async play(item: ConformanceCase): Promise<void> {
    try {
      await this.#playIt(item)
    } catch (error) {
      const failures = this.#events.filter(({ type }) => type === 'script-failed' || type === 'request-refused')
      const { frontend, executor } = this.#cell
      if (error instanceof Error) error.message += `\n${frontend} × ${executor}: ${JSON.stringify(failures)}`
      throw error
    }
    for (const event of this.#events) {
      if (event.type !== 'program-started' || !this.#warm.has(event.script)) continue
      assert.ok(event.isWarm, `${event.script} was started afresh`)
    }
  }

  /** Every route has an interpreter of its own: each is asked until it is warm. */
  async #warmUp({ cases, routes, mount = '' }: Family): Promise<void> {
    const { send, programsEnded } = this.#stage('')
    const ofCases = cases.flatMap((item) => ('expected' in item && !('wire' in item) ? [item.request ?? {}] : []))
    const prime: CaseRequest = { target: `${mount.replace(/\/$/, '')}/${primePath}` }
    for (const request of routes === undefined ? [prime] : ofCases) {
      const deadline = performance.now() + longestWarmUpMs
      for (;;) {
        this.#events.length = 0
        await send(request)
        await programsEnded()
        // More than one, where the route has an authorizer.
        const cold = this.#events.find(
          (event) => event.type === 'program-started' && !event.isWarm && this.#warm.has(event.script),
        )
        if (cold === undefined) break
        if (performance.now() > deadline) throw new Error(`never warm: ${JSON.stringify(cold)}`)
        await sleep(100)
      }
    }
  }

  async #playIt(item: ConformanceCase): Promise<void> {
    const script = this.#scripts.get(item) ?? ''
    for (const event of this.#events.splice(0)) this.#earlier.add(idOf(event))
    const stage = this.#stage(script)
    if ('story' in item) return item.story(stage)
    if (!('wire' in item)) return check(await stage.send(item.request), item.expected, stage)
    const raw = await stage.sendBytes(item.wire, item.ms)
    const { status, reason, fields, rest } = parseAnswer(raw)
    return check({ status, reason, fields, body: rest, broken: false, raw }, item.expected, stage)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.[Symbol.asyncDispose]()
    await this.#gateway?.[Symbol.asyncDispose]()
    this.#site[Symbol.dispose]()
  }

  #take(event: GatewayEvent): void {
    if (!this.#earlier.has(idOf(event))) this.#events.push(event)
  }

  #stage(script: string): Stage {
    const client = this.#client
    if (client === undefined) throw new TypeError('the stage is not open')
    const { url } = client
    const fill = (text: string): string => text.replaceAll('{script}', script).replaceAll('{host}', new URL(url).host)
    const open = (request: CaseRequest = {}): Promise<OpenAnswer> =>
      client.open({ ...request, target: fill(request.target ?? '{script}') })
    return {
      cell: this.#cell,
      site: this.#site,
      url,
      script,
      events: this.#events,
      open,
      send: async (request) => collect(await open(request)),
      sendBytes: (wire, ms) => exchangeBytes(url, fill(wire), ms),
      until,
      programsEnded: async () => void (await until('the end of every program', () => haveEnded(this.#events))),
    }
  }
}

/** `warm`: the programs that have been put in the place of shell programs, as their files were added. */
function siteOf({ starter }: Cell): { readonly site: TemporarySite; readonly warm: Set<ByteString> | undefined } {
  const site = temporarySite()
  if (!starter.startsWith('warm')) return { site, warm: undefined }
  const language: WarmLanguage = starter === 'warm python' ? 'python' : 'perl'
  const warm = new Set<ByteString>()
  const add: TemporarySite['add'] = (path, content, mode) => {
    const program = inLanguage(language, content)
    if (program !== undefined) warm.add(byteStringOfText(join(site.root, path)))
    return site.add(path, program ?? content, mode)
  }
  return { site: { ...site, add, [Symbol.dispose]: () => site[Symbol.dispose]() }, warm }
}

function idOf(event: GatewayEvent): string {
  if (event.type === 'notice' || event.type === 'launcher-ready') return ''
  return event.type === 'request-ended' ? event.request.id : event.id
}

function haveEnded(events: readonly GatewayEvent[]): true | undefined {
  const ended = new Set(events.flatMap((event) => (event.type === 'program-ended' ? [event.id] : [])))
  return events.every((event) => event.type !== 'program-started' || ended.has(event.id)) || undefined
}

async function collect({ status, reason, fields, body }: OpenAnswer): Promise<Seen> {
  let text = ''
  let broken = false
  try {
    for await (const chunk of body) text += byteStringOf(chunk)
  } catch {
    broken = true // What a client is told when a body is not whole.
  }
  return { status, reason, fields, body: text, broken, raw: '' }
}

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  const deadline = performance.now() + 5000
  for (;;) {
    const seen = look()
    if (seen !== undefined) return seen
    if (performance.now() > deadline) throw new Error(`never seen: ${what}`)
    await sleep(5)
  }
}
