// Where a program lies that has been named as people name programs.

import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** In the folders of PATH, relative ones not counted; undefined where it is in none. */
export function findInPath(name: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  return pathFolders(path)
    .map((folder) => join(folder, name))
    .find(isProgram)
}

export function pathFolders(path: string): readonly string[] {
  return path.split(delimiter).filter(isAbsolute)
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
