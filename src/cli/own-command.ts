// How this very postern is called from another folder: people copy what they are told.

import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { findInPath, isProgram } from '../transport/find-program.ts'

/** Without the arguments. `root` is the folder of the package. */
export function serveCommandIn(folder: string, root: string): string {
  const main = join(root, 'dist/cli/main.js')
  // `npx postern` from no project at all: npm has put it into a folder of its own, and finds it there again.
  if ((isReachable(folder, root) && isProgram(main)) || /[/\\]_npx[/\\]/.test(root)) return 'npx postern'
  // npm puts the folders of a project into PATH for as long as its command runs.
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((entry) => !/[/\\]node_modules[/\\]/.test(entry))
    .join(delimiter)
  const installed = findInPath('postern', path)
  if (installed !== undefined && isSame(installed, main)) return 'postern'
  return `node ${shellWord(main)}`
}

/** Programs in that folder import this package, and npx finds its command. */
export function isReachable(folder: string, root: string): boolean {
  for (let above = folder; ; above = dirname(above)) {
    const found = join(above, 'node_modules/postern')
    if (existsSync(found)) return isSame(found, root)
    if (above === dirname(above)) return false
  }
}

function isSame(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    return false
  }
}

/** As a shell reads it back. */
export function shellWord(text: string): string {
  const word = text.startsWith('-') ? `./${text}` : text
  return /^[\w@%+=:,./~-]+$/.test(word) && !word.startsWith('~') ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
