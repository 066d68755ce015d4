// Real programs that a test needs. Where one is missing the test is skipped by its name; with POSTERN_REQUIRE_PARTS=1,
// as in CI, it fails instead.

import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const moreFolders = [
  '/usr/sbin',
  '/sbin',
  '/usr/lib/git-core',
  '/usr/lib/cgit',
  '/usr/share/gitweb',
  '/usr/local/go/bin',
]

/** Where a program lies, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...moreFolders]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** For a test's `skip`: false where all are here, programs or the paths of files, else the names of what is missing. */
export function missing(...names: readonly string[]): string | false {
  const absent = names.filter((name) => (name.includes('/') ? !existsSync(name) : findProgram(name) === undefined))
  if (absent.length === 0) return false
  const reason = `not installed: ${absent.join(', ')}`
  if (process.env['POSTERN_REQUIRE_PARTS'] === '1') throw new Error(reason)
  return reason
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
