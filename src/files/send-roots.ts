// The folders out of which scripts may have files sent, and whether a file that a script names lies in one: as a path
// (X-Sendfile) or below an internal location (X-Accel-Redirect).

import { realpathSync, statSync, type Stats } from 'node:fs'
import { resolve } from 'node:path'
import { asciiLowerCase, byteStringOfText, type ByteString } from '../bytes/byte-string.ts'
import type { SendFileFault } from '../events/failures.ts'
import { baseName, fileSystemPath, isInside } from './file-path.ts'
import { copiesOf, hasEnding, isProgramFolder, programNames } from './program-names.ts'
import { realFolder } from './real-folder.ts'

/** As text. */
export interface SendRootsOptions {
  readonly roots: readonly string[]
  /** Locations such as `/protected/`, and the folder of each. */
  readonly locations: Readonly<Record<string, string>>
}

export type Sendable =
  | { readonly kind: 'file'; readonly realPath: ByteString; readonly stat: Stats }
  /** Within a root, but not there. */
  | { readonly kind: 'missing'; readonly path: ByteString }
  | { readonly kind: 'refused'; readonly fault: SendFileFault }

interface Root {
  /** As it was named, made absolute: what is missing has no real path. */
  readonly named: ByteString
  readonly real: ByteString
}

export class SendRoots {
  readonly #roots: readonly Root[]
  /** The longest first. */
  readonly #locations: readonly { readonly names: readonly ByteString[]; readonly root: Root }[]

  /** Throws TypeError where a folder does not exist. */
  constructor({ roots, locations }: SendRootsOptions) {
    this.#roots = roots.map(rootOf)
    this.#locations = Object.entries(locations)
      .map(([location, folder]) => ({ names: namesIn(byteStringOfText(location)), root: rootOf(folder) }))
      .sort((a, b) => b.names.length - a.names.length)
  }

  get hasRoots(): boolean {
    return this.#roots.length > 0
  }

  get hasLocations(): boolean {
    return this.#locations.length > 0
  }

  /**
   * The value of X-Sendfile. It is percent-decoded, as mod_xsendfile and lighttpd do; what is no escape stands for
   * itself, because most applications write the path as it is.
   */
  byPath(value: ByteString): Sendable {
    const path = decode(value)
    if (!path.startsWith('/')) return refused('not-absolute')
    return judge(path, this.#roots)
  }

  /** The value of X-Accel-Redirect: a path, percent-decoded as nginx does, and perhaps a query, which a file ignores. */
  byLocation(value: ByteString): Sendable {
    const [raw = ''] = value.split('?', 1)
    if (!raw.startsWith('/')) return refused('no-location')
    const names = namesIn(raw).map(decode)
    // What an encoded slash is in a file's name, no file has.
    if (names.some((name) => name.includes('/'))) return refused('no-location')
    const found = this.#locations.find((location) => location.names.every((name, at) => names[at] === name))
    if (found === undefined) return refused('no-location')
    const { named } = found.root
    const below = names.slice(found.names.length).map((name) => `/${name}`)
    return judge((named === '/' ? '' : named) + below.join(''), [found.root])
  }
}

function judge(path: ByteString, roots: readonly Root[]): Sendable {
  if (/[\x00-\x1f\x7f]/.test(path)) return refused('control-character')
  // Security: a name that climbs is no honest one, wherever it ends.
  if (path.split('/').some((name) => name === '.' || name === '..')) return refused('dot-segment')
  let real: ByteString
  try {
    real = realpathSync.native(fileSystemPath(path), { encoding: 'latin1' })
  } catch (error) {
    // Security: of what lies outside nobody is told whether it is there.
    if (!roots.some(({ named, real: folder }) => isInside(path, named) || isInside(path, folder)))
      return refused('outside')
    return codeOf(error) === 'EACCES' ? refused('unreadable') : { kind: 'missing', path }
  }
  // Security: links are judged by where they lead.
  const within = roots.filter(({ real: folder }) => isInside(real, folder))
  if (within.length === 0) return refused('outside')
  // Security: CVE-2024-39884: the source of a program is not sent by a way round either.
  if (within.every((root) => isProgramBelow(real, root.real))) return refused('program')
  try {
    const stat = statSync(fileSystemPath(real))
    return stat.isFile() ? { kind: 'file', realPath: real, stat } : refused('not-a-file')
  } catch (error) {
    return codeOf(error) === 'EACCES' ? refused('unreadable') : { kind: 'missing', path }
  }
}

/** Security: what is a program wherever it lies. */
const sources = [...programNames, '.php']
const copyOfSource = copiesOf(sources)

function isProgramBelow(real: ByteString, folder: ByteString): boolean {
  return (
    namesIn(real.slice(folder === '/' ? 0 : folder.length)).some(isProgramFolder) ||
    hasEnding(real, sources) ||
    copyOfSource.test(asciiLowerCase(baseName(real)))
  )
}

function rootOf(folder: string): Root {
  return { named: byteStringOfText(resolve(folder)), real: realFolder(folder) }
}

function namesIn(path: ByteString): readonly ByteString[] {
  return path.split('/').filter((name) => name !== '')
}

function decode(text: ByteString): ByteString {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

function refused(fault: SendFileFault): Sendable {
  return { kind: 'refused', fault }
}
