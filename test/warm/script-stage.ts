// One site with all scripts of a language, and two gateways over it: one starts a program for every request, the other
// keeps warm ones. A pass runs every script once, each from the same untouched files.

import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { byteStringOf, bytesOf } from '../../src/bytes/byte-string.ts'
import { cgi, createGateway, type GatewayEvent, type GatewayFailure, type PosternGateway } from '../../src/index.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import type { Outcome } from './outcome.ts'
import type { ScriptFile } from './script-file.ts'
import { warmth, type Warmth } from './warmth.ts'

const origin = 'http://www.example.org'
const atOnce = 6
/** After the last program's end, for what is still on its way along standard error. */
const settleMs = 300
const primeSettleMs = 1500
const longestPassMs = 60_000
const mostAsks = 60
const parkedPauseMs = 250
/** It names built-in modules, so that whatever waits from then on has them loaded. */
const nodePrime = `for (const name of ['crypto', 'http', 'https', 'readline', 'worker_threads', 'zlib']) name
typeof fetch
console.log`
/** Of the gateway: it announces a length where the whole answer was there when the client was to be answered. */
const ownFields = new Set(['date', 'content-length'])

interface WatchedGateway {
  readonly gateway: PosternGateway
  readonly events: GatewayEvent[]
}

interface Answer {
  readonly status: number
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: string
  readonly isBroken: boolean
}

export class ScriptStage implements AsyncDisposable {
  readonly #scripts: readonly ScriptFile[]
  readonly #settings: readonly string[]
  /** The folder with what scripts want beside them. */
  readonly #with: string
  readonly #site: TemporarySite = temporarySite()
  readonly #gateways: Partial<Record<Warmth, WatchedGateway>> = {}

  /** Of a language whose processes are parked one by one: a script that came too early is asked again. */
  readonly #isParked: boolean

  constructor(folder: string, scripts: readonly ScriptFile[], isParked: boolean) {
    this.#isParked = isParked
    this.#with = join(folder, 'with')
    this.#scripts = scripts
    this.#settings = scripts.map(settingsOf)
  }

  /** Every script once, several at a time. */
  async pass(mode: Warmth): Promise<ReadonlyMap<ScriptFile, Outcome>> {
    for (const script of this.#scripts) this.#prepare(script)
    const { events } = (this.#gateways[mode] ??= await this.#openReady(mode))
    events.length = 0
    const answers = new Map<ScriptFile, Answer>()
    const waiting = this.#scripts.values()
    const work = async (): Promise<void> => {
      for (const script of waiting) answers.set(script, await this.#askWarm(mode, script))
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    await allEnded(events)
    await sleep(settleMs)
    return new Map([...answers].map(([script, answer]) => [script, outcomeOf(answer, this.#eventsOf(script, events))]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { gateway } of Object.values(this.#gateways)) await gateway[Symbol.asyncDispose]()
    this.#site[Symbol.dispose]()
  }

  /** Each interpreter that the scripts name has been asked for once, and is warm where it can be. */
  async #openReady(mode: Warmth): Promise<WatchedGateway> {
    const watched = this.#open(mode)
    if (mode === 'off') return watched
    const primes = new Set<string>()
    for (const script of this.#scripts) {
      const [firstLine = ''] = byteStringOf(namingNode(script.bytes)).split('\n', 1)
      const isNode = /node/.test(firstLine)
      if (!/python|perl|node/.test(firstLine)) continue
      const path = `${this.#routeOf(script)}/prime-${Buffer.from(firstLine, 'latin1').toString('hex').slice(0, 100)}`
      if (primes.has(path)) continue
      primes.add(path)
      this.#site.add(
        path,
        bytesOf(`${firstLine}\n${isNode ? nodePrime : 'print'}("Content-Type: text/plain\\n\\n")\n`),
        0o755,
      )
    }
    const ready = (): number => watched.events.filter(({ type }) => type === 'launcher-ready').length
    for (const path of primes) await (await watched.gateway.fetch(new Request(origin + path))).arrayBuffer()
    for (let before = -1; before < ready();) {
      before = ready()
      await sleep(primeSettleMs)
    }
    return watched
  }

  /** Scripts with the same settings share a route, and so what is kept warm. */
  #open(mode: Warmth): WatchedGateway {
    const events: GatewayEvent[] = []
    const routes = new Map(
      this.#scripts.map((script) => {
        const path = this.#routeOf(script)
        const folder = `${this.#site.root}${path}/${script.name}`
        const options = { env: fill(script.variables, this.#site.root, folder), ...script.options, ...warmth(mode) }
        return [path, { path, to: cgi(this.#site.root + path, options) }]
      }),
    )
    const observe = (event: GatewayEvent): void => void events.push(event)
    return { gateway: createGateway({ observe, killGrace: '200ms', routes: [...routes.values()] }), events }
  }

  #routeOf(script: ScriptFile): string {
    return `/route-${this.#settings.indexOf(settingsOf(script))}`
  }

  #prepare(script: ScriptFile): void {
    const { name, bytes, beside, at, link } = script
    const path = `${this.#routeOf(script)}/${name}`
    const folder = join(this.#site.root, path)
    rmSync(folder, { recursive: true, force: true })
    const file = this.#site.add(`${path}/${at}`, namingNode(bytes), 0o755)
    for (const item of beside) cpSync(join(this.#with, item), join(dirname(file), item), { recursive: true })
    if (link === undefined) return
    const linked = join(folder, link)
    mkdirSync(dirname(linked), { recursive: true })
    symlinkSync(relative(dirname(linked), file), linked)
  }

  #targetOf(script: ScriptFile): string {
    return `${this.#routeOf(script)}/${script.name}/${script.link ?? script.at}${script.extra}`
  }

  async #askWarm(mode: Warmth, script: ScriptFile): Promise<Answer> {
    const { gateway, events } = (this.#gateways[mode] ??= await this.#openReady(mode))
    for (let left = this.#isParked && mode === 'on' && !script.isAlwaysCold ? mostAsks : 1; ; left--) {
      const answer = await this.#ask(gateway, script)
      if (left === 1) return answer
      const started = this.#eventsOf(script, events).find(({ type }) => type === 'program-started')
      if (started?.type !== 'program-started' || started.isWarm) return answer
      await sleep(parkedPauseMs)
      this.#prepare(script)
    }
  }

  async #ask(gateway: PosternGateway, script: ScriptFile): Promise<Answer> {
    const { method, body, fields, isLengthKnown } = script
    const headers = new Headers()
    for (const [name, value] of fields) headers.append(name, value)
    if (body !== undefined && isLengthKnown) headers.set('Content-Length', String(body.length))
    const sent = body === undefined ? {} : { body: bytesOf(body) }
    const init = { method, headers, redirect: 'manual', ...sent } as const
    let answer: Response
    try {
      answer = await gateway.fetch(new Request(origin + this.#targetOf(script), init))
    } catch {
      // One script must not end the pass of all.
      return { status: 0, fields: [], body: '', isBroken: true }
    }
    let text = ''
    let isBroken = false
    try {
      for await (const chunk of answer.body ?? []) text += byteStringOf(chunk)
    } catch {
      isBroken = true
    }
    const answerFields = [...answer.headers].filter(([name]) => !ownFields.has(name))
    return { status: answer.status, fields: answerFields, body: text, isBroken }
  }

  #eventsOf(script: ScriptFile, events: readonly GatewayEvent[]): readonly GatewayEvent[] {
    const { pathname, search } = new URL(this.#targetOf(script), origin)
    const target = pathname + search
    const all = new Set(
      events.flatMap((event) =>
        event.type === 'request-ended' && event.request.target === target ? [event.request.id] : [],
      ),
    )
    if (all.size !== 1 && !this.#isParked) throw new Error(`${script.name}: ${all.size} requests ended, not one`)
    const last = [...all].at(-1)
    return events.filter((event) => 'id' in event && event.id === last)
  }
}

/** A first line `#!{node}` names the Node that runs the tests. */
function namingNode(bytes: Uint8Array): Uint8Array {
  const text = byteStringOf(bytes)
  return text.startsWith('#!{node}') ? bytesOf(text.replace('{node}', process.execPath)) : bytes
}

/** Of those with the same a route can be one. */
function settingsOf({ name, variables, options }: ScriptFile): string {
  const text = JSON.stringify([variables, options])
  return text.includes('{folder}') ? `${name} ${text}` : text
}

function fill(variables: Readonly<Record<string, string>>, root: string, folder: string): Record<string, string> {
  const filled = (value: string): string => value.replaceAll('{root}', root).replaceAll('{folder}', folder)
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, filled(value)]))
}

async function allEnded(events: readonly GatewayEvent[]): Promise<void> {
  const deadline = performance.now() + longestPassMs
  const count = (type: GatewayEvent['type']): number => events.filter((event) => event.type === type).length
  while (count('program-started') > count('program-ended') && performance.now() < deadline) await sleep(20)
}

function outcomeOf(answer: Answer, events: readonly GatewayEvent[]): Outcome {
  const id = events.flatMap((event) => ('id' in event ? [event.id] : []))[0] ?? ''
  // The one thing of which every run is told something else.
  const nameless = (text: string): string => (id === '' ? text : text.replaceAll(id, 'ID'))
  return {
    status: answer.status,
    fields: answer.fields.map(([name, value]) => [name, nameless(value)]),
    body: nameless(answer.body),
    isBroken: answer.isBroken,
    isWarm: events.flatMap((event) => (event.type === 'program-started' ? [event.isWarm] : []))[0],
    errorLines: events.flatMap((event) => (event.type === 'diagnostic-line' ? [nameless(event.line)] : [])),
    ending:
      events.flatMap((event) => (event.type === 'program-ended' ? [endingOf(event.ending)] : [])).join() || 'none',
    failures: events.flatMap((event) => (event.type === 'script-failed' ? [failureOf(event.failure)] : [])),
  }
}

function endingOf({ exitCode, signal }: { readonly exitCode: number | null; readonly signal: string | null }): string {
  return signal ?? `exit ${exitCode}`
}

/** Without the ending, which is compared by itself: a failure may be known before it is. */
function failureOf(failure: GatewayFailure): string {
  return JSON.stringify(failure, (name, value: unknown) =>
    name === 'exitCode' || name === 'signal' ? undefined : value,
  )
}
