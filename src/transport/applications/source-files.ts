// The files of an application's own code, as its workers have loaded them: whether one of them is another now.

import { statSync, type BigIntStats } from 'node:fs'
import { identityOf } from '../file-identity.ts'

export class SourceFiles {
  readonly #identities = new Map<string, string>()
  #isStale = false

  /** `since`: when whoever has loaded them was started, in milliseconds of the clock. What is newer may be newer than what was loaded. */
  add(paths: readonly string[], since: number): void {
    for (const path of paths) {
      const stat = statOf(path)
      const mtimeMs = Number(stat?.mtimeMs)
      // A time to come is somebody's clock.
      if (stat === undefined || (mtimeMs > since && mtimeMs <= Date.now())) this.#isStale = true
      if (stat !== undefined) this.#identities.set(path, identityOf(stat))
    }
  }

  /** Whether a file has changed or gone. */
  haveChanged(): boolean {
    if (this.#isStale) return true
    for (const [path, identity] of this.#identities) {
      const stat = statOf(path)
      if (stat === undefined || identityOf(stat) !== identity) return true
    }
    return false
  }
}

/** Modules may say anything of where they come from. */
function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
