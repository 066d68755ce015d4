// What became of the cases in one cell, for docs/matrix.md: a file of numbers beside the compiled tests.

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Cell } from './cell.ts'
import type { LeftOut } from './left-out.ts'

const folder = fileURLToPath(new URL('../../matrix/', import.meta.url))

export class Tally {
  readonly #cell: Cell
  readonly #leftOut = new Map<string, number>()
  #passed = 0
  #failed = 0

  constructor(cell: Cell) {
    this.#cell = cell
  }

  leavesOut(reason: LeftOut | undefined): boolean {
    if (reason !== undefined) this.#leftOut.set(reason.because, (this.#leftOut.get(reason.because) ?? 0) + 1)
    return reason !== undefined
  }

  passed(): void {
    this.#passed++
  }

  failed(): void {
    this.#failed++
  }

  /** Programs started by child_process are no column of their own. */
  write(): void {
    const { frontend, executor, starter } = this.#cell
    if (starter === 'child_process') return
    const counts = { passed: this.#passed, failed: this.#failed, leftOut: Object.fromEntries(this.#leftOut) }
    try {
      mkdirSync(folder, { recursive: true })
      writeFileSync(`${folder}${frontend}-${executor}.json`, JSON.stringify({ frontend, executor, starter, ...counts }))
    } catch (error) {
      // An account that may not write here makes no page (.ci/permissions).
      if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) throw error
    }
  }
}
