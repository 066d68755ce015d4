// A folder that is served: which of its files are programs, which may be sent, and how a path is walked down it.
// One walk decides for every kind of request (Security: a script's source is never sent, by any spelling of its path).
// The file system is asked synchronously, as nginx and lighttpd do: a local disk answers in microseconds.

import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs'
import { asciiLowerCase, byteStringOfText, type ByteString } from '../bytes/byte-string.ts'
import { mayStart } from '../transport/may-start.ts'
import type { PathSegment } from '../protocol/http/request-target.ts'
import { baseName, fileSystemPath, isInside } from './file-path.ts'
import { copiesOf, hasEnding, isProgramFolder, programNames } from './program-names.ts'
import { realFolder } from './real-folder.ts'

export interface SiteFolderOptions {
  /** The folder itself, as text. */
  readonly root: string
  /** Which files are programs: those below cgi-bin and *.cgi; every file; or none, so that only files are sent. */
  readonly programs: 'cgi-bin' | 'every-file' | 'none'
  /** Whether what is not a program is sent. */
  readonly sendsFiles: boolean
  /** Names tried in a folder, in this order. */
  readonly index: readonly string[]
  /** Folders outside the root into which links may lead, as text. */
  readonly linkRoots: readonly string[]
  /** Names of files that an interpreter runs end in these, such as `.php`; in lower case. None, and they are not run. */
  readonly interpreted: readonly string[]
  /** Names of files that are neither run nor sent end in these, unless they are interpreted. */
  readonly refused: readonly string[]
}

/**
 * Who runs a program: the system, as CGI; the same program as FastCGI, which stays and is given one request after the
 * other (`.fcgi`); or an interpreter of its own.
 */
export type Runner = 'cgi' | 'fastcgi' | 'interpreter'

export type Found =
  /** `used` segments name the program; `isIndex`: they named its folder. */
  | {
      readonly kind: 'program'
      readonly path: ByteString
      /** Where that leads to, if it is a link. */
      readonly realPath: ByteString
      readonly runner: Runner
      readonly used: number
      readonly isIndex: boolean
    }
  | { readonly kind: 'file'; readonly realPath: ByteString; readonly stat: Stats; readonly isIndex: boolean }
  | { readonly kind: 'folder'; readonly realPath: ByteString }
  /** `why` is for the log and the development page; the client may see no more than the status. */
  | { readonly kind: 'refused'; readonly status: 403 | 404; readonly why: string; readonly program?: ByteString }

interface Walked {
  readonly inProgramFolder: boolean
  /** Some name on the way is a link, so that the path is not the real one. */
  readonly isLinked: boolean
  readonly used: number
  readonly count: number
  readonly isIndex: boolean
}

export class SiteFolder {
  /** The real path, so that nothing above it is a link. */
  readonly root: ByteString
  /** `serve('./cgi-bin')`: all in it are programs. */
  readonly #isProgramFolder: boolean
  readonly #programs: SiteFolderOptions['programs']
  readonly #sendsFiles: boolean
  readonly #index: readonly ByteString[]
  readonly #linkRoots: readonly ByteString[]
  readonly #interpreted: readonly ByteString[]
  readonly #refused: readonly ByteString[]
  readonly #copyOfProgram: RegExp

  /** Throws TypeError where a folder does not exist. */
  constructor(options: SiteFolderOptions) {
    this.root = realFolder(options.root)
    this.#isProgramFolder = isProgramFolder(baseName(this.root))
    this.#programs = options.programs
    this.#sendsFiles = options.sendsFiles
    this.#index = options.index.map(byteStringOfText)
    this.#linkRoots = options.linkRoots.map(realFolder)
    this.#interpreted = options.interpreted.map(byteStringOfText)
    this.#refused = options.refused.map(byteStringOfText)
    this.#copyOfProgram = copiesOf([...programNames, '.php', ...this.#interpreted, ...this.#refused])
  }

  /** Walks from the root along the segments; the first file on the way ends the walk, and the rest is PATH_INFO. */
  find(segments: readonly PathSegment[]): Found {
    let path = this.root === '/' ? '' : this.root
    let inProgramFolder = this.#isProgramFolder
    let isLinked = namesVary
    for (const [at, { decoded }] of segments.entries()) {
      if (decoded === '') continue
      const refusal = refuseName(decoded)
      if (refusal !== undefined) return refusal
      path = `${path}/${decoded}`
      const entry = lookAt(path)
      if ('refused' in entry) return entry.refused
      isLinked ||= entry.isLink
      if (!entry.stat.isDirectory()) {
        const walked = { inProgramFolder, isLinked, used: at + 1, count: segments.length, isIndex: false }
        return this.#judge(path, entry.stat, walked)
      }
      inProgramFolder ||= isProgramFolder(decoded)
    }
    return this.#inFolder(path === '' ? '/' : path, { inProgramFolder, isLinked, count: segments.length })
  }

  /** Whether a real path is that of one of its programs, or of what an editor left of one. */
  ownsProgram(realPath: ByteString): boolean {
    if (this.#programs === 'every-file' && this.#linkRoots.some((root) => isInside(realPath, root))) return true
    if (!isInside(realPath, this.root)) return false
    if (this.#isCopyOfProgram(realPath) || this.#isRefused(realPath)) return true
    if (this.#programs === 'every-file' || this.#isProgramFolder || this.#inProgramFolder(realPath)) return true
    return hasEnding(realPath, programNames) || hasEnding(realPath, this.#interpreted)
  }

  #judge(path: ByteString, stat: Stats, { inProgramFolder, isLinked, used, count, isIndex }: Walked): Found {
    const realPath = this.#realPath(path, isLinked)
    if (typeof realPath === 'object') return realPath
    if (!stat.isFile()) return refuse(403, 'neither a file nor a folder')
    const runner = this.#runnerOf(path, realPath, stat, inProgramFolder)
    if (runner !== undefined) {
      // Security: CVE-2011-1015, CVE-2014-4650, CVE-2024-39884: what cannot be run is refused, never sent.
      if (this.#programs === 'none' && runner !== 'interpreter')
        return refuse(403, 'programs are not run here, and never sent as files')
      if (runner !== 'interpreter' && !mayStart(path, stat.mode))
        return { ...refuse(403, 'a program without the execute permission'), program: path }
      return { kind: 'program', path, realPath, runner, used, isIndex }
    }
    if (this.#isRefused(path) || this.#isRefused(realPath)) return refuse(403, 'source text is never sent')
    if (!this.#sendsFiles) return refuse(404, 'files are not sent here')
    if (this.#isCopyOfProgram(path) || this.#isCopyOfProgram(realPath))
      return refuse(403, 'a copy of a program is never sent')
    if (used < count) return refuse(404, 'a file has nothing below it')
    return { kind: 'file', realPath, stat, isIndex }
  }

  #inFolder(
    path: ByteString,
    { inProgramFolder, isLinked, count }: Pick<Walked, 'inProgramFolder' | 'isLinked' | 'count'>,
  ): Found {
    const realPath = this.#realPath(path, isLinked)
    if (typeof realPath === 'object') return realPath
    const hidden = inProgramFolder || this.#inProgramFolder(realPath) || this.#programs === 'every-file'
    for (const name of this.#index) {
      const file = path === '/' ? `/${name}` : `${path}/${name}`
      const entry = lookAt(file)
      if ('stat' in entry && entry.stat.isFile()) {
        const linked = isLinked || entry.isLink
        return this.#judge(file, entry.stat, {
          inProgramFolder: hidden,
          isLinked: linked,
          used: count,
          count,
          isIndex: true,
        })
      }
    }
    if (hidden || !this.#sendsFiles) return refuse(403, 'a folder of programs is not listed')
    return { kind: 'folder', realPath }
  }

  /** By the name that was asked for and by the name on the disk, which on some disks differ in letter case. */
  #runnerOf(path: ByteString, realPath: ByteString, stat: Stats, inProgramFolder: boolean): Runner | undefined {
    const isHere = this.#programs === 'every-file' || inProgramFolder || this.#inProgramFolder(realPath)
    const ends = (names: readonly ByteString[]): boolean => hasEnding(path, names) || hasEnding(realPath, names)
    // Below cgi-bin, what may be executed is started by itself, whatever its name: it has its own `#!` line.
    const isOwn = isHere && this.#programs !== 'none' && mayStart(path, stat.mode)
    if (ends(this.#interpreted) && !isOwn) return 'interpreter'
    if (ends(['.fcgi'])) return 'fastcgi'
    return isHere || ends(programNames) ? 'cgi' : undefined
  }

  /** Security: PHP is a program wherever it lies, also where nobody runs it. */
  #isRefused(path: ByteString): boolean {
    return hasEnding(path, ['.php']) || hasEnding(path, this.#refused)
  }

  /** Security: what an editor leaves beside a program, `x.cgi~` or `x.php.bak`, is its source under another name. */
  #isCopyOfProgram(path: ByteString): boolean {
    return this.#copyOfProgram.test(asciiLowerCase(baseName(path)))
  }

  #inProgramFolder(realPath: ByteString): boolean {
    // Security: outside the root, where linkRoots allow links to lead, the whole of the path counts.
    const below = isInside(realPath, this.root) ? realPath.slice(this.root.length) : realPath
    return below.split('/').some(isProgramFolder)
  }

  /** Security: links are judged by where they lead (CVE-2021-41773 and kin). */
  #realPath(path: ByteString, isLinked: boolean): ByteString | Found {
    if (!isLinked) return path
    try {
      const real: ByteString = realpathSync.native(fileSystemPath(path), { encoding: 'latin1' })
      if (isInside(real, this.root) || this.#linkRoots.some((root) => isInside(real, root))) return real
      return refuse(403, 'a link leads outside the folder that is served')
    } catch {
      return refuse(404, 'it has just gone away')
    }
  }
}

/** `%2F` never becomes a separator, and dot files stay hidden but for RFC 8615's. */
function refuseName(decoded: ByteString): Found | undefined {
  if (decoded.includes('/')) return refuse(404, 'an encoded slash in the part of the path that names a file')
  if (decoded.startsWith('.') && decoded !== '.well-known')
    return refuse(404, 'names that begin with a dot are not served')
  return undefined
}

/** The disks of macOS know a file by several spellings; only the real path tells which is on the disk. */
const namesVary = process.platform === 'darwin'

function lookAt(path: ByteString): { readonly stat: Stats; readonly isLink: boolean } | { readonly refused: Found } {
  try {
    const name = fileSystemPath(path)
    const entry = lstatSync(name, { throwIfNoEntry: false })
    const isLink = entry?.isSymbolicLink() ?? false
    const stat = isLink ? statSync(name, { throwIfNoEntry: false }) : entry
    return stat === undefined ? { refused: refuse(404, 'no such file') } : { stat, isLink }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code === 'EACCES') return { refused: refuse(403, 'the server may not look into this folder') }
    return { refused: refuse(404, `no such file (${code})`) }
  }
}

function refuse(status: 403 | 404, why: string): Extract<Found, { kind: 'refused' }> {
  return { kind: 'refused', status, why }
}
