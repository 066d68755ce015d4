// The files of an application's own code, as its workers have loaded them: whether one of them is another now.

import { statSync, type BigIntStats } from 'node:fs'
import { identityOf } from '../file-identity.ts'

export class SourceFiles {
  readonly #identities = new Map<string, string | undefined>()
  #isStale = false

  /** `since`: when whoever has loaded them was started, in milliseconds of the clock. What is newer may be newer than what was loaded. */
  add(paths: readonly string[], since: number): void {
    for (const path of paths) {
      const stat = statOf(path)
      const mtimeMs = Number(stat?.mtimeMs)
      // A time to come is somebody's clock.
      if (mtimeMs > since && mtimeMs <= Date.now()) this.#isStale = true
      // One that is not there any more would not be there after loading it afresh, either.
      this.#identities.set(path, stat === undefined ? undefined : identityOf(stat))
    }
  }

  /** Whether a file has changed, gone or come. */
  haveChanged(): boolean {
    if (this.#isStale) return true
    for (const [path, identity] of this.#identities) {
      const stat = statOf(path)
      if ((stat === undefined ? undefined : identityOf(stat)) !== identity) return true
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
