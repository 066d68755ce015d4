// A pair: a web server in front of Postern, or Postern in front of an application server, with the program that does what
// the cases ask (programs/README.md) behind both.

import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TemporarySite } from '../../support/temporary-site.ts'

export interface Pair {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** The same over TLS, where the pair has it. */
  readonly secureUrl?: string
  /** The program's URL path, which is its SCRIPT_NAME. */
  readonly script: string
  /** A folder in which everybody may write. */
  readonly gates: string
  /** What the one that clients ask has written to its log. */
  log(): string
}

/** Several pairs with one owner, by their names. */
export interface Pairs extends AsyncDisposable {
  readonly pairs: Readonly<Record<string, Pair>>
}

/** How a pair differs from the others. */
export interface Manner {
  /** Cases that it cannot pass, each with the reason. */
  readonly not?: Readonly<Record<string, string>>
  /** What `%2F` in the path becomes: a slash in PATH_INFO, or a refusal with one of these statuses. */
  readonly encodedSlash: 'decoded' | readonly number[]
  /** Meta-variables that are others than those of CGI. */
  readonly variables?: (pair: Pair) => Variables
}

/** Null: it must not be there. */
export type Variables = Readonly<Record<string, string | RegExp | null>>

/** Where the programs of another user's workers may write, too. */
export function addGates(site: TemporarySite): string {
  const gates = join(site.root, 'gates')
  mkdirSync(gates)
  chmodSync(gates, 0o777)
  return gates
}
