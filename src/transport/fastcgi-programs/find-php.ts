// Where php-cgi lies: under its own name, or with a version in it (Debian: php-cgi8.2, Alpine: php-cgi83).

import { readdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { findInPath, isProgram, pathFolders } from '../find-program.ts'

const withVersion = /^php-cgi-?(\d+)\.?(\d*)$/

/** Undefined where there is none. A name without a slash is looked for in these folders, as PATH lists them. */
export function findPhp(name: string, path: string): string | undefined {
  if (isAbsolute(name)) return isProgram(name) ? name : undefined
  return findInPath(name, path) ?? newest(pathFolders(path))
}

function newest(folders: readonly string[]): string | undefined {
  const found = folders.flatMap((folder) =>
    namesIn(folder).flatMap((name) => {
      const [, major, minor] = withVersion.exec(name) ?? []
      if (major === undefined) return []
      // `php-cgi83` is 8.3.
      const version = minor === '' && major.length > 1 ? Number(major) : Number(major) * 10 + Number(minor)
      return [{ path: join(folder, name), version }]
    }),
  )
  return found.filter(({ path }) => isProgram(path)).sort((a, b) => b.version - a.version)[0]?.path
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // PATH may name what is not there.
  }
}
