// Registers every case that one cell can express as a test of its own, family by family.

import { after, before, describe, test } from 'node:test'
import type { ConformanceCase, Family } from './case.ts'
import { families } from './cases.ts'
import { cellOf, executorsOf, isWhole, type Cell, type FrontendName } from './cell.ts'
import { framing } from './families/framing.ts'
import { queueLimits, timeLimits } from './families/limits.ts'
import { leftOutOf } from './left-out.ts'
import { FamilyStage } from './stage.ts'
import { Tally } from './tally.ts'

const caseTimeoutMs = 15_000

/** Some families mostly wait. More than four at a time would keep this one process too busy for limits of time. */
const familiesAtOnce = 2
const cellsAtOnce = 2
/** Begun first, they wait beside all the others, and no cell ends with one of them alone. */
const longest: readonly Family[] = [timeLimits, queueLimits, framing]
const firstOfFamily = 2

/** Of one frontend with every executor that there is. */
export function runRow(frontend: FrontendName): void {
  describe(`the row of ${frontend}`, { concurrency: cellsAtOnce }, () => {
    for (const executor of executorsOf(frontend)) runCell(cellOf(frontend, executor))
  })
}

export function runCell(cell: Cell): void {
  const { frontend, executor, starter } = cell
  const name = `${frontend} × ${executor} (${starter})`
  const tally = new Tally(cell)
  describe(name, { concurrency: familiesAtOnce }, () => {
    after(() => tally.write())
    const plans = families.map((family) => {
      const expressed = family.cases.filter((item) => !tally.leavesOut(leftOutOf(family, item, cell)))
      return { family, cases: isWhole(cell) ? expressed : coreOf(expressed), isLong: longest.includes(family) }
    })
    for (const { family, cases } of plans.toSorted((one, other) => Number(other.isLong) - Number(one.isLong))) {
      if (cases.length > 0)
        describe(`${name}: ${family.name}`, { concurrency: 1 }, () => play(family, cases, cell, tally))
    }
  })
}

/** Of each family the first cases, and those that are marked. */
function coreOf(cases: readonly ConformanceCase[]): readonly ConformanceCase[] {
  return cases.filter((item, index) => index < firstOfFamily || item.core === true)
}

function play(family: Family, cases: readonly ConformanceCase[], cell: Cell, tally: Tally): void {
  let stage: FamilyStage | undefined
  before(async () => {
    stage = await FamilyStage.open(family, cell)
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
  })
  for (const item of cases) {
    test(item.title, { timeout: caseTimeoutMs, skip: item.skip ?? false }, async () => {
      try {
        if (stage === undefined) throw new Error('the stage did not open')
        await stage.play(item)
        tally.passed()
      } catch (error) {
        tally.failed()
        throw error
      }
    })
  }
}
