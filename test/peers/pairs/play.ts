// Registers every case for every pair as a test of its own.

import { after, before, describe, test } from 'node:test'
import { pairCases, type PairCase } from './cases.ts'
import type { Manner, Pairs } from './pair.ts'

const caseTimeoutMs = 90_000

export interface PairsToPlay {
  /** For the tests' titles: `nginx in front`. */
  readonly name: string
  /** For the tests' `skip`: what is missing here. */
  readonly skip: string | false
  /** By the pairs' names. */
  readonly manners: Readonly<Record<string, Manner>>
  readonly start: () => Promise<Pairs>
}

export function playPairs({ name, skip, manners, start }: PairsToPlay): void {
  describe(name, { skip }, () => {
    let started: Pairs | undefined
    before(async () => {
      started = await start()
    })
    after(async () => {
      await started?.[Symbol.asyncDispose]()
    })
    for (const [pairName, manner] of Object.entries(manners)) {
      const left = new Set(Object.keys(manner.not ?? {}))
      for (const [caseName, pairCase] of Object.entries<PairCase>(pairCases)) {
        if (left.delete(caseName)) continue
        test(`${name}, ${pairName}: ${pairCase.title}`, { timeout: caseTimeoutMs }, async () => {
          const pair = started?.pairs[pairName]
          if (pair === undefined) throw new TypeError(`there is no pair ${pairName}`)
          await pairCase.play(pair, manner)
        })
      }
      if (left.size > 0) throw new TypeError(`there is no case ${[...left].join(', ')}`)
    }
  })
}
