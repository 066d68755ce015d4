// A file's compressed copies beside it (`page.html.br`), chosen by Accept-Encoding (RFC 9110 12.5.3).

import { lstatSync } from 'node:fs'
import { negotiate } from '@fastify/accept-negotiator'

/** In the server's order of preference. */
const codings = [
  { name: 'br', extension: '.br' },
  { name: 'zstd', extension: '.zst' },
  { name: 'gzip', extension: '.gz' },
] as const

export interface Variant {
  readonly path: string
  readonly coding: string | undefined
  /** There are copies, so the answer depends on Accept-Encoding. */
  readonly varies: boolean
}

export function chooseVariant(path: string, acceptEncoding: string | undefined): Variant {
  // A client that did not ask gets the file itself, which is right for every other client too.
  if (acceptEncoding === undefined) return { path, coding: undefined, varies: false }
  const present = codings.filter(({ extension }) => isFile(path + extension))
  if (present.length === 0) return { path, coding: undefined, varies: false }
  const names: string[] = present.map(({ name }) => name)
  const name = negotiate(acceptEncoding, names)
  const chosen = present.find((coding) => coding.name === name)
  return chosen === undefined
    ? { path, coding: undefined, varies: true }
    : { path: path + chosen.extension, coding: chosen.name, varies: true }
}

/** Security: a link is not followed, for nobody has judged where it leads. */
function isFile(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  } catch {
    return false // It cannot be looked at, so it cannot be sent.
  }
}
