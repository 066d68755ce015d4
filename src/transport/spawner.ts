// Chooses how programs are started, once, and says so where it is not the usual way.

import { loadNative } from './native.ts'
import type { Spawner } from './program-process.ts'
import { FallbackSpawner } from './spawn-fallback.ts'
import { NativeSpawner } from './spawn-native.ts'

let chosen: { readonly spawner: Spawner; readonly reason: string | undefined } | undefined

/** One spawner serves the whole process, because one reaper must know all that it started. */
export function chooseSpawner(): { readonly spawner: Spawner; readonly reason: string | undefined } {
  if (chosen === undefined) {
    const loaded = loadNative()
    chosen =
      'native' in loaded
        ? { spawner: new NativeSpawner(loaded.native), reason: undefined }
        : { spawner: new FallbackSpawner(), reason: loaded.reason }
  }
  return chosen
}
