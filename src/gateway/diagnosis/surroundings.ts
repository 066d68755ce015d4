// Where a script lives: the folders above it and the file system that holds it.

import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import type { ByteString } from '../../bytes/byte-string.ts'
import { realPath, refusal, statusOfFile } from './look.ts'

export interface Surroundings {
  /** The first folder above that we may not search. */
  readonly closedFolder: ByteString | undefined
  /** A folder above in which anybody may put another file in the script's place. */
  readonly openFolder: ByteString | undefined
  /** Where a file system is mounted that runs no programs. */
  readonly noexecMount: ByteString | undefined
}

export function inspectSurroundings(path: ByteString): Surroundings {
  const real = realPath(path) ?? path
  const folders = [...new Set([...foldersAbove(path), ...foldersAbove(real)])]
  return {
    closedFolder: folders.find((folder) => !isSearchable(folder)),
    openFolder: folders.find(isOpenToAll),
    noexecMount: noexecMount(real, readMounts()),
  }
}

/** The mount that holds `path`, if it runs no programs. The mounts are the text of /proc/self/mountinfo, see proc(5). */
export function noexecMount(path: ByteString, mounts: ByteString): ByteString | undefined {
  let point = ''
  let options = ''
  for (const line of mounts.split('\n')) {
    const words = line.split(' ')
    const mounted = (words[4] ?? '').replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)))
    const holds = mounted === '/' || path === mounted || path.startsWith(`${mounted}/`)
    // Of two mounts at one place, the later hides the earlier.
    if (mounted === '' || !holds || mounted.length < point.length) continue
    point = mounted
    options = words[5] ?? ''
  }
  return options.split(',').includes('noexec') ? point : undefined
}

/** From the root down. */
function foldersAbove(path: ByteString): ByteString[] {
  const folders: ByteString[] = []
  for (let folder = posix.dirname(path); folder.length > 1; folder = posix.dirname(folder)) folders.unshift(folder)
  return folders
}

/** A missing folder is not a closed one. */
function isSearchable(folder: ByteString): boolean {
  return refusal(folder, 'execute') !== 'EACCES'
}

/** Writable for all and without the sticky bit, which would keep others from taking a file away. */
function isOpenToAll(folder: ByteString): boolean {
  const status = statusOfFile(folder)
  return typeof status !== 'string' && (status.mode & 0o1002) === 0o0002
}

function readMounts(): ByteString {
  try {
    return readFileSync('/proc/self/mountinfo', 'latin1')
  } catch {
    return '' // Not Linux, or /proc is not mounted: then nothing is known of mounts.
  }
}
