// What the security tests share: visits to a served folder over a raw socket, and the same gateway by every frontend.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createGateway,
  folder,
  serve,
  type FolderOptions,
  type GatewayEvent,
  type GatewayOptions,
  type PosternServer,
  type ServeOptions,
} from '../../src/index.ts'
import { pickLimits } from '../../src/config/limits.ts'
import type { TemporarySite } from '../support/temporary-site.ts'
import { exchangeBytes, field, parseAnswer, type WireAnswer } from '../support/wire.ts'
import { readAnswers } from '../wire/read-answers.ts'

export const typed = 'printf "Content-Type: text/plain\\n\\n"\n'
/** Prints its environment, sorted. */
export const environmentScript = `#!/bin/sh\n${typed}exec env\n`

export interface Watched extends PosternServer {
  readonly events: readonly GatewayEvent[]
}

/** `serve` on a free port, its events kept. */
export async function watch(root: string, options: ServeOptions = {}): Promise<Watched> {
  const events: GatewayEvent[] = []
  const server = await serve(root, {
    port: 0,
    killGrace: '100ms',
    observe: (event) => void events.push(event),
    ...options,
  })
  return { ...server, events, [Symbol.asyncDispose]: () => server.destroy() }
}

export interface Visit {
  readonly method?: string
  /** `Name: value`, as bytes. */
  readonly fields?: readonly string[]
  readonly body?: string
  readonly ms?: number
}

/** One request on a connection of its own. The target goes out as it stands. */
export async function visit(url: string, target: string, visited: Visit = {}): Promise<WireAnswer> {
  const { method = 'GET', fields = [], body, ms = 5000 } = visited
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`]
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: a', 'Connection: close', ...length, ...fields]
  const raw = await exchangeBytes(url, `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`, ms)
  const [answer] = readAnswers(raw, [method], true).final
  return answer ?? { ...parseAnswer(raw), rest: '' }
}

/** `NAME=value` lines of a script that prints its environment. */
export function environmentOf(answer: WireAnswer): ReadonlyMap<string, string> {
  assert.equal(answer.status, 200, answer.raw)
  return new Map(
    answer.rest.split('\n').flatMap((line) => {
      const equals = line.indexOf('=')
      return equals < 1 ? [] : [[line.slice(0, equals), line.slice(equals + 1)] as const]
    }),
  )
}

export { field }

/** For tests of answers: makes a script that writes these bytes, and returns its target. */
export function sayer(site: TemporarySite): (output: string, prefix?: string) => string {
  let count = 0
  return (output, prefix = '') => {
    const name = `${prefix}says-${count++}`
    site.add(`cgi-bin/${name}.out`, Buffer.from(output, 'latin1'))
    site.add(`cgi-bin/${name}`, `#!/bin/sh\nexec cat ${name}.out\n`)
    return `/cgi-bin/${name}`
  }
}

/** A frontend as its user sees it: a target and fields in, an answer out. */
export interface Front extends AsyncDisposable {
  readonly name: string
  readonly events: readonly GatewayEvent[]
  ask(target: string, fields?: readonly (readonly [string, string])[]): Promise<{ status: number; text: string }>
}

export const fronts: readonly ((root: string, options?: FolderOptions & GatewayOptions) => Promise<Front>)[] = [
  async (root, options = {}) => {
    const server = await watch(root, options)
    return {
      name: 'http',
      events: server.events,
      ask: asker(server.url),
      [Symbol.asyncDispose]: () => server.destroy(),
    }
  },
  async (root, options = {}) => {
    const events: GatewayEvent[] = []
    const gateway = createGateway({ ...routed(root, options), observe: (event) => void events.push(event) })
    const server = createServer(gateway.node())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const dispose = async (): Promise<void> => {
      server.closeAllConnections()
      server.close()
      await gateway[Symbol.asyncDispose]()
    }
    return {
      name: 'node',
      events,
      ask: asker(`http://127.0.0.1:${portOf(server.address())}/`),
      [Symbol.asyncDispose]: dispose,
    }
  },
  (root, options = {}) => {
    const events: GatewayEvent[] = []
    const gateway = createGateway({ ...routed(root, options), observe: (event) => void events.push(event) })
    const ask: Front['ask'] = async (target, fields = []) => {
      const response = await gateway.fetch(
        new Request(`http://a${target}`, { headers: fields.map(([name, value]) => [name, value]) }),
      )
      return { status: response.status, text: await response.text() }
    }
    return Promise.resolve({ name: 'fetch', events, ask, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() })
  },
]

function routed(root: string, options: FolderOptions & GatewayOptions): Parameters<typeof createGateway>[0] {
  const { dev, serverName, allowedHosts, trustedProxies, ...rest } = options
  const limits = pickLimits(rest)
  const ofFolder = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in limits)))
  const ofGateway = Object.fromEntries(
    Object.entries({ dev, serverName, allowedHosts, trustedProxies }).filter(([, value]) => value !== undefined),
  )
  return { ...ofGateway, ...limits, routes: [{ path: '/', to: folder(root, ofFolder) }] }
}

function asker(url: string): Front['ask'] {
  return async (target, fields = []) => {
    const answer = await visit(url, target, { fields: fields.map((pair) => pair.join(': ')) })
    return { status: answer.status, text: answer.rest }
  }
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}
