// Where the files of `launchers/` lie: beside package.json, from compiled and from installed code alike.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

let found: string | undefined

/** The folder `launchers` of this package. Throws where the package is not whole. */
export function launchersFolder(): string {
  found ??= launchersAbove(dirname(fileURLToPath(import.meta.url)))
  return found
}

function launchersAbove(folder: string): string {
  const launchers = join(folder, 'launchers')
  if (existsSync(join(folder, 'package.json')) && existsSync(launchers)) return launchers
  const parent = dirname(folder)
  if (parent === folder) throw new Error('the folder "launchers" is missing from this installation of Postern')
  return launchersAbove(parent)
}
