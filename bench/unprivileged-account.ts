/** The account that servers started by root are told to drop to; web servers refuse to run programs as root, or should. */
import { readFileSync } from 'node:fs'

export interface Account {
  readonly user: string
  readonly group: string
}

/** Undefined when we are not root: then a server keeps our own account, as it must. */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  return {
    user: firstListed('/etc/passwd', ['www-data', 'www', 'http', 'nobody']),
    group: firstListed('/etc/group', ['www-data', 'www', 'http', 'nogroup', 'nobody']),
  }
}

function firstListed(file: string, names: readonly string[]): string {
  const listed = new Set(
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':')[0]),
  )
  const name = names.find((candidate) => listed.has(candidate))
  if (name === undefined) throw new Error(`${file} has none of ${names.join(', ')}`)
  return name
}
