// A file gets its place: in one step where both ends lie in one file system, else by a copy beside the place, so that
// nobody ever sees half a file under its name.

import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, link, open, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface MoveOptions {
  /** Default false: what has the name already stays, and the error's `code` is EEXIST. */
  readonly overwrite?: boolean
  /** Default 0o600: this program's user alone. A web server that is to send it needs 0o644. */
  readonly mode?: number
}

export async function moveFile(
  from: string,
  to: string,
  { overwrite = false, mode = 0o600 }: MoveOptions,
): Promise<void> {
  await chmod(from, mode)
  try {
    await place(from, to, overwrite)
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error
    await moveAcross(from, to, overwrite, mode)
  }
}

/** rename() overwrites, link() does not: there is no gap between looking and doing. */
async function place(from: string, to: string, overwrite: boolean): Promise<void> {
  if (overwrite) return rename(from, to)
  try {
    await link(from, to)
  } catch (error) {
    // File systems without links: FAT, some network ones. A program that writes there at once may win or lose, not mix.
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error
    await copyWhole(from, to)
  }
  await unlink(from)
}

async function moveAcross(from: string, to: string, overwrite: boolean, mode: number): Promise<void> {
  const beside = join(dirname(to), `.${basename(to).slice(0, 32)}.${randomBytes(6).toString('hex')}.part`)
  try {
    await copyWhole(from, beside)
    await chmod(beside, mode)
    const file = await open(beside, 'r')
    await file.sync().finally(() => file.close())
    await place(beside, to, overwrite)
  } catch (error) {
    await unlink(beside).catch(() => {}) // It may never have been made, or has been renamed.
    throw error
  }
  await unlink(from)
}

/** Throws EEXIST rather than overwrite; leaves no half of a file. */
async function copyWhole(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) await unlink(to).catch(() => {}) // It may never have been made.
    throw error
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
