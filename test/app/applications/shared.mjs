// What the applications of this folder have in common.

import { createHash } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export const big = new Uint8Array(1024 * 1024).fill(0x61)

/** Those that are the same under every gateway. */
const names = ['REQUEST_METHOD', 'QUERY_STRING', 'HTTP_HOST', 'HTTP_X_TEST', 'HTTP_COOKIE']

export function selected({ variables }) {
  return Object.fromEntries(names.map((name) => [name, variables.get(name) ?? null]))
}

const encoder = new TextEncoder()

export async function* chunks() {
  for (let at = 1; at <= 5; at++) {
    yield encoder.encode(`chunk ${at}\n`)
    await sleep(20)
  }
}

export async function countBytes(body) {
  let bytes = 0
  for await (const chunk of body) bytes += chunk.length
  return bytes
}

export async function wholeOf(body) {
  const parts = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
}

/** What has arrived of a request. */
export async function said(method, address, field, body) {
  const { pathname, search } = new URL(address, 'http://localhost')
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    hash.update(chunk)
  }
  const fields = ['content-type', 'cookie', 'x-test'].map((name) => field(name) ?? null)
  return { method, path: pathname, query: search, fields, bytes, sha256: hash.digest('hex') }
}

/** What goes on beside an answer. A gate is a path where files say that something has happened. */
const tasks = {
  context({ gateway, mount, peer, user, variables }) {
    const named = ['REMOTE_ADDR', 'REQUEST_METHOD', 'SERVER_PROTOCOL', 'SERVER_NAME', 'QUERY_STRING', 'HTTP_X_TEST']
    const pairs = Object.fromEntries(named.map((name) => [name, variables.get(name) ?? null]))
    return `${JSON.stringify({ gateway, mount, peer: peer.address, user: user ?? null, ...pairs })}\n`
  },
  diagnose({ diagnostics }, { word }) {
    diagnostics(`a word for the log: ${word}`)
    return 'told\n'
  },
  later({ waitUntil }, { gate }) {
    const work = async () => {
      while (!existsSync(`${gate}.go`)) await sleep(50)
      writeFileSync(`${gate}.done`, '')
    }
    waitUntil(work())
    return 'soon\n'
  },
  pid() {
    return `${process.pid}\n`
  },
  /** The second part is not made before somebody has seen the first. */
  async *gated(_context, { gate }) {
    yield encoder.encode('first\n')
    while (!existsSync(gate)) await sleep(20)
    yield encoder.encode('last\n')
  },
  async *endless({ signal }, { gate }) {
    signal.addEventListener('abort', () => writeFileSync(`${gate}.aborted`, ''))
    while (!signal.aborted) {
      yield encoder.encode('tick\n')
      await sleep(50)
    }
  },
  /** No answer before the client has gone. */
  async waiting({ signal }, { gate }) {
    writeFileSync(`${gate}.begun`, '')
    while (!signal.aborted) await sleep(20)
    writeFileSync(`${gate}.aborted`, '')
    return 'late\n'
  },
  async *cut() {
    yield encoder.encode('begun\n')
    await sleep(100)
    throw new Error('thrown in the middle of an answer')
  },
}

/** Text, or chunks of it. */
export function perform(name, context, { searchParams }) {
  return tasks[name](context, Object.fromEntries(searchParams))
}
