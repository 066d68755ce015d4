// One case on one server: sends what it says, and collects what can be seen.

import { setTimeout as sleep } from 'node:timers/promises'
import { ask, type PeerAnswer, type PeerRequest } from '../peers/client.ts'
import { isAsWanted, type Aspects, type WsgiCase } from './case.ts'
import { Connection } from './connection.ts'
import type { WsgiServer } from './servers/server.ts'

/** How long what comes later is waited for: a note of close(), a line of the log, a new worker. */
const laterMs = 5_000
/** Longer than any application waits; some servers leave a connection open for ever where their worker has failed. */
const answerMs = 8_000

export interface Stage {
  readonly url: string
  /** The path of the application that the case is named after. */
  readonly target: string
  readonly connect: () => Promise<Connection>
  readonly ask: (request?: Partial<PeerRequest>) => Promise<Aspects>
  /** What the case's application has noted, once it is this. */
  readonly notes: (wanted: string | RegExp | null) => Promise<string>
  /** The first value that is the one wanted, or else the last one. */
  readonly until: (wanted: string | RegExp, look: () => Promise<string>) => Promise<string>
}

export async function play(name: string, item: WsgiCase, server: WsgiServer): Promise<Aspects> {
  const stage = stageOf(name, server)
  const seen = new Map(
    item.story === undefined ? await stage.ask(item.request) : Object.entries(await item.story(stage)),
  )
  const wanted = item.expected['notes']
  if (wanted !== undefined && !seen.has('notes')) seen.set('notes', await stage.notes(wanted))
  const { log } = item
  if (log !== undefined) {
    const look = async (): Promise<string> => (server.log().includes(log) ? 'written' : 'not written')
    seen.set('log', await stage.until('written', look))
  }
  return seen
}

function stageOf(name: string, { url }: WsgiServer): Stage {
  const target = `/${name}`
  return {
    url,
    target,
    until,
    connect: () => Connection.open(url),
    ask: async (request) => aspectsOf(await askOnce(url, { target, ...request }), url),
    notes: (wanted) =>
      until(wanted ?? '', async () => {
        const { body } = await askOnce(url, { target: `/records/read?${target.slice(1)}` })
        return body.startsWith('[') ? [JSON.parse(body)].flat().join(', ') : ''
      }),
  }
}

async function until(wanted: string | RegExp, look: () => Promise<string>): Promise<string> {
  const deadline = performance.now() + laterMs
  for (;;) {
    const value = await look()
    if (isAsWanted(value, wanted) || performance.now() > deadline) return value
    await sleep(50)
  }
}

/** A server that ends the connection, or is not there at all, has said nothing. */
async function askOnce(url: string, request: PeerRequest): Promise<PeerAnswer> {
  try {
    return await ask(url, request, answerMs)
  } catch {
    return { interim: [], status: 0, reason: '', fields: [], body: '', whole: false }
  }
}

export function aspectsOf(answer: PeerAnswer, url: string): Aspects {
  const { interim, status, reason, fields, body, whole } = answer
  if (status === 0) return new Map([['status', body === '' ? 'nothing' : 'something that is not HTTP']])
  const seen = new Map([
    ['status', String(status)],
    ['reason', reason],
    ['ending', whole ? 'whole' : 'broken off'],
  ])
  if (interim.length > 0) seen.set('interim answers', interim.join(', '))
  for (const [name, sent] of fields) {
    const value = name === 'date' && Math.abs(Date.parse(sent) - Date.now()) < 60_000 ? 'now' : sent
    const before = seen.get(`field ${name}`)
    seen.set(`field ${name}`, before === undefined ? value : `${before} | ${value}`)
  }
  if (seen.has('field transfer-encoding')) seen.set('framing', 'chunked')
  else seen.set('framing', seen.has('field content-length') ? 'length' : 'end of the connection')
  const told = seen.get('field content-type') === 'application/json' && whole ? Object(JSON.parse(body)) : undefined
  if (told === undefined) seen.set('body', body)
  else for (const [aspect, value] of toldBy(told, new URL(url).port)) seen.set(aspect, value)
  return seen
}

function toldBy(told: object, port: string): [aspect: string, value: string][] {
  const parts = { variables: 'variable', types: 'type', facts: 'fact' }
  return Object.entries(parts).flatMap(([part, word]) => {
    const values: [string, unknown][] = Object.entries(Object(new Map(Object.entries(told)).get(part)))
    return values.map(([name, value]): [string, string] => [
      `${word} ${name}`,
      String(value).replace(new RegExp(`(^|:)${port}\\b`), '$1PORT'),
    ])
  })
}
