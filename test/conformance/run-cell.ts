// Registers every case that one cell can express as a test of its own, family by family.

import { after, before, describe, test } from 'node:test'
import type { Cell, ConformanceCase, Family } from './case.ts'
import { families } from './cases.ts'
import { FamilyStage } from './stage.ts'

const caseTimeoutMs = 15_000

/** Two families at a time, for some of them mostly wait. */
export function runCell(cell: Cell): void {
  const name = `${cell.frontend}, ${cell.starter}`
  describe(name, { concurrency: 2 }, () => {
    for (const family of families) {
      const cases = family.cases.filter((item) => runsOver(family, item, cell))
      if (cases.length > 0) describe(`${name}: ${family.name}`, { concurrency: 1 }, () => play(family, cases, cell))
    }
  })
}

function play(family: Family, cases: readonly ConformanceCase[], cell: Cell): void {
  let stage: FamilyStage | undefined
  before(async () => {
    stage = await FamilyStage.open(family, cell)
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
  })
  for (const item of cases) {
    test(item.title, { timeout: caseTimeoutMs, skip: item.skip ?? false }, () => stage?.play(item))
  }
}

function runsOver(family: Family, item: ConformanceCase, { frontend, starter }: Cell): boolean {
  if (starter === 'child_process' && item.notByChildProcess !== undefined) return false
  if (starter.startsWith('warm') && item.notWarm !== undefined) return false
  const embedded = family.routes !== undefined || family.user !== undefined || family.mount !== undefined
  if (embedded && frontend === 'http') return false
  return item.over === undefined || item.over.frontends.includes(frontend)
}
