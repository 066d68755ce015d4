// Compares an answer with what the case expects; a message names the field or variable.

import assert from 'node:assert/strict'
import type { Expected, Seen, Stage, Values } from './case.ts'

export async function check(seen: Seen, expected: Expected, stage: Stage): Promise<void> {
  const { status, reason, fields, body, variables, broken = false } = expected
  assert.equal(seen.status, status, `status ${seen.status}, expected ${status}; body: ${seen.body.slice(0, 300)}`)
  if (reason !== undefined) assert.equal(seen.reason, reason, 'reason')
  if (fields !== undefined) compare('field', fields, joined(seen.fields))
  if (typeof body === 'string') assert.equal(seen.body, body, 'body')
  else if (body !== undefined) assert.match(seen.body, body)
  if (variables !== undefined) compare('variable', variables, variablesIn(seen.body))
  assert.equal(seen.broken, broken, broken ? 'the connection should have been broken off' : 'the answer was broken off')
  await expected.check?.(seen, stage)
}

/** The environment that `showVariables` wrote, name by name. */
export function variablesIn(body: string): ReadonlyMap<string, string> {
  const entries = body.split('\0').filter((entry) => entry !== '')
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]))
}

function joined(fields: Seen['fields']): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of fields) {
    const before = values.get(name)
    values.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return values
}

function compare(what: string, expected: Values, actual: ReadonlyMap<string, string>): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = actual.get(name)
    if (value === null) assert.equal(found, undefined, `${what} ${name} should not be there`)
    else if (typeof value === 'string') assert.equal(found, value, `${what} ${name}`)
    else assert.match(found ?? '(absent)', value, `${what} ${name}`)
  }
}
