// A file's compressed copies beside it (`page.html.br`), chosen by Accept-Encoding (RFC 9110 12.5.3).

import { lstatSync, type Stats } from 'node:fs'
import { negotiate } from '@fastify/accept-negotiator'

/** In the server's order of preference. */
const codings = [
  { name: 'br', extension: '.br' },
  { name: 'zstd', extension: '.zst' },
  { name: 'gzip', extension: '.gz' },
] as const

export interface Variant {
  readonly path: string
  /** Of now. */
  readonly stat: Stats
  readonly coding: string | undefined
  /** There are copies, so the answer depends on Accept-Encoding. */
  readonly varies: boolean
}

export function chooseVariant(path: string, stat: Stats, acceptEncoding: string | undefined): Variant {
  // A client that did not ask gets the file itself, which is right for every other client too.
  if (acceptEncoding === undefined) return { path, stat, coding: undefined, varies: false }
  const present = codings.flatMap(({ name, extension }) => {
    const copy = regularFile(path + extension)
    return copy === undefined ? [] : [{ path: path + extension, stat: copy, coding: name, varies: true }]
  })
  if (present.length === 0) return { path, stat, coding: undefined, varies: false }
  const names: string[] = present.map(({ coding }) => coding)
  const chosen = negotiate(acceptEncoding, names)
  return present.find(({ coding }) => coding === chosen) ?? { path, stat, coding: undefined, varies: true }
}

/** Security: a link is not followed, for nobody has judged where it leads. */
function regularFile(path: string): Stats | undefined {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    return stat?.isFile() === true ? stat : undefined
  } catch {
    return undefined // It cannot be looked at, so it cannot be sent.
  }
}
