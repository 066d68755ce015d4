/**
 * Finds the commands the benchmark needs, and asks them for their versions. Servers live in sbin folders, and Go in a
 * folder of its own, which are often missing from the PATH of an ordinary account.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const besidePath = ['/usr/sbin', '/usr/local/sbin', '/usr/local/go/bin']

/** The path of the first of these names that is installed. */
export function findCommand(...names: readonly string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...besidePath].filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

export function requireCommand(...names: readonly string[]): string {
  const path = findCommand(...names)
  if (path === undefined) throw new Error(`${names.join(' or ')} is not installed`)
  return path
}

/** Why a peer or a case cannot run here: the first of the commands that is not installed. */
export function missingCommand(...names: readonly string[]): string | undefined {
  const missing = names.find((name) => findCommand(name) === undefined)
  return missing === undefined ? undefined : `${missing} is not installed`
}

/** The first line that a command prints about its version; nginx prints it on stderr. */
export function versionLine(command: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  return (stdout || stderr || 'unknown').trim().split('\n')[0] ?? 'unknown'
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // not there, or not for us: both mean "look further"
  }
}
