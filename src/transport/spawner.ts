// Chooses how programs are started, once, and says so where it is not the usual way.

import { loadNative, type Native } from './native.ts'
import type { Spawner } from './program-process.ts'
import { FallbackSpawner } from './spawn-fallback.ts'
import { NativeSpawner } from './spawn-native.ts'

export interface ChosenSpawner {
  readonly spawner: Spawner
  /** Undefined: it is the fallback, and `reason` says why. */
  readonly native: Native | undefined
  readonly reason: string | undefined
}

let chosen: ChosenSpawner | undefined

/** One spawner serves the whole process, because one reaper must know all that it started. */
export function chooseSpawner(): ChosenSpawner {
  if (chosen === undefined) {
    const loaded = loadNative()
    chosen =
      'native' in loaded
        ? { spawner: new NativeSpawner(loaded.native), native: loaded.native, reason: undefined }
        : { spawner: new FallbackSpawner(), native: undefined, reason: loaded.reason }
  }
  return chosen
}
