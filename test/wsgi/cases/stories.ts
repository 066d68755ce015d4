// Exchanges that more than one case tells: what happens between a client that reads by parts and an application that waits.

import type { Stage } from '../stage.ts'

/** Reads until the first part of the body is there, and only then lets the application make the second. */
export async function readsFirstPart({ target, connect, ask }: Stage): Promise<Record<string, string>> {
  using connection = await connect()
  connection.send(`GET ${target} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`)
  const early = await connection.until((text) => text.includes('first '))
  const hadFirst = early.includes('first ') && !/second|nobody/.test(early)
  await ask({ target: `/streams/open?${target.slice(1)}` })
  const all = await connection.until((text) => /second|nobody/.test(text))
  return {
    first: hadFirst ? 'came before the second was made' : 'was held back',
    body: all.includes('first ') && all.includes('second') ? 'first second' : 'first, and no second',
  }
}
