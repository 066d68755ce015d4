// Runs every script of a language's folder cold once and warm several times, and compares all that comes of it.
// POSTERN_DIFFERENTIAL=perl:die runs only those whose language and name begin so.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { missing } from '../support/real-parts.ts'
import { difference, type Outcome } from './outcome.ts'
import { readScriptFiles, type ScriptFile } from './script-file.ts'
import { ScriptStage } from './script-stage.ts'
import type { Warmth } from './warmth.ts'

export interface Language {
  readonly name: string
  readonly extensions: readonly string[]
  /** Its scripts' first lines may also name others, or none that is there: then nothing is started, cold or warm. */
  readonly interpreter: string
  /** Its processes are parked one by one: each script that is not always started afresh is asked until it is warm. */
  readonly isParked: boolean
  /** Why this one cannot be run here. */
  readonly skips?: (script: ScriptFile) => string | undefined
}

interface Pass {
  readonly title: string
  readonly mode: Warmth
  readonly pauseMs: number
}

type Outcomes = ReadonlyMap<ScriptFile, Outcome>

const coldPass: Pass = { title: 'cold', mode: 'off', pauseMs: 0 }
/** The pause is for what a launcher has learnt, and loads. */
const warmPasses: readonly Pass[] = [
  { title: 'warm, nothing learnt', mode: 'on', pauseMs: 0 },
  { title: 'warm, learnt', mode: 'on', pauseMs: 1500 },
  { title: 'warm, learnt, again', mode: 'on', pauseMs: 0 },
]

/** What is worth loading ahead, the first look at each interpreter has told. */
const parkedPasses: readonly Pass[] = [{ title: 'warm', mode: 'on', pauseMs: 0 }]

/** Of those that start at all: some must be cold, as their `#!` lines or variables are, or what they do to modules. */
const leastWarm = 0.85

const sources = fileURLToPath(new URL('../../../test/warm/', import.meta.url))
const stages: ScriptStage[] = []

after(async () => {
  for (const stage of stages) await stage[Symbol.asyncDispose]()
})

export function compareWarmWithCold(language: Language): void {
  const folder = join(sources, language.name)
  const scripts = readScriptFiles(folder, language.extensions).filter(({ name }) =>
    `${language.name}:${name}`.startsWith(process.env['POSTERN_DIFFERENTIAL'] ?? ''),
  )
  const skip = missing(language.interpreter)
  const { isParked } = language
  const passes = isParked ? parkedPasses : warmPasses
  const runnable = scripts.filter((script) => language.skips?.(script) === undefined)
  const outcomesOf = passesOf(folder, runnable, isParked)
  for (const [index, pass] of passes.entries()) {
    test(
      `${language.name}: ${leastWarm * 100} of a hundred scripts were run by workers: ${pass.title}`,
      { skip },
      async (t) => {
        const seen = [...(await outcomesOf(pass))].filter(([, { isWarm }]) => isWarm !== undefined)
        const cold = seen.filter(([, { isWarm }]) => isWarm === false).map(([{ name }]) => name)
        t.diagnostic(`${seen.length - cold.length} warm, ${cold.length} cold`)
        assert.ok(cold.length <= seen.length * (1 - leastWarm), cold.join(' '))
        if (!isParked) return
        assert.deepEqual(
          cold.toSorted(),
          runnable.filter(({ isAlwaysCold }) => isAlwaysCold).map(({ name }) => name),
        )
      },
    )
    for (const script of scripts) {
      const why = skip === false ? (language.skips?.(script) ?? false) : skip
      test(`${language.name}: no difference: ${script.name}: ${pass.title}`, { skip: why }, async () => {
        const cold = (await outcomesOf(coldPass)).get(script)
        const warm = (await outcomesOf(pass)).get(script)
        assert.ok(cold !== undefined && warm !== undefined)
        report(difference(script, cold, warm))
        if (!script.isRandom) return
        for (const earlier of passes.slice(0, index)) {
          const other = (await outcomesOf(earlier)).get(script)
          assert.ok(other !== undefined)
          report(difference(script, other, warm))
        }
      })
    }
  }
}

/** The difference is the message itself: an assertion would draw its own picture of two long texts. */
function report(found: string | undefined): void {
  if (found === undefined) return
  const error = new Error(found)
  error.stack = found
  throw error
}

/** Each pass is run once, in their order, when the first test asks for it. */
function passesOf(
  folder: string,
  scripts: readonly ScriptFile[],
  isParked: boolean,
): (pass: Pass) => Promise<Outcomes> {
  const done = new Map<Pass, Promise<Outcomes>>()
  const start = (stage: ScriptStage): void => {
    let before: Promise<unknown> = Promise.resolve()
    for (const pass of [coldPass, ...(isParked ? parkedPasses : warmPasses)]) {
      const outcomes = before.then(() => sleep(pass.pauseMs)).then(() => stage.pass(pass.mode))
      done.set(pass, outcomes)
      before = outcomes
    }
  }
  return (pass) => {
    if (done.size === 0) {
      const stage = new ScriptStage(folder, scripts, isParked)
      stages.push(stage)
      start(stage)
    }
    return done.get(pass) ?? Promise.reject(new Error(`no pass: ${pass.title}`))
  }
}
