// The program that a #! line names: whether it is there, what it speaks, and what could stand in for it.

import { posix } from 'node:path'
import { byteStringOfText, type ByteString } from '../../bytes/byte-string.ts'
import { realPath, refusal, statusOfFile } from './look.ts'

export type Language = 'python' | 'perl' | 'php' | 'ruby' | 'node' | 'shell'

export interface FoundProgram {
  /** As the script names it. */
  readonly name: ByteString
  /** Undefined: there is no such file. */
  readonly path: ByteString | undefined
  readonly executable: boolean
  /** A program of the same language that is there; looked for only where this one is not. */
  readonly instead: ByteString | undefined
}

const languages: readonly (readonly [RegExp, Language])[] = [
  [/^(?:python|pypy)[\d.]*$/, 'python'],
  [/^perl[\d.]*$/, 'perl'],
  [/^php(?:-cgi)?[\d.]*$/, 'php'],
  [/^ruby[\d.]*$/, 'ruby'],
  [/^node(?:js)?$/, 'node'],
  [/^(?:ba|da|k|z|a|mk)?sh[\d.]*$/, 'shell'],
]

const standIns: Readonly<Record<Language, readonly string[]>> = {
  python: ['python3', 'python'],
  perl: ['perl'],
  php: ['php-cgi', 'php'],
  ruby: ['ruby'],
  node: ['node', 'nodejs'],
  shell: ['bash', 'sh'],
}

export function languageOf(program: ByteString): Language | undefined {
  const name = posix.basename(program)
  return languages.find(([pattern]) => pattern.test(name))?.[1]
}

/** Looks where the system would: a name with a slash is a path, any other is sought on PATH. */
export function findProgram(name: ByteString, searchPath: string): FoundProgram {
  const path = locate(name, searchPath)
  if (path !== undefined) return { name, path, executable: isExecutable(path), instead: undefined }
  const language = languageOf(name)
  const names = [posix.basename(name), ...(language === undefined ? [] : standIns[language])]
  const instead = names.map((other) => locate(other, searchPath)).find((found) => found !== undefined)
  return { name, path: undefined, executable: false, instead }
}

/** `3.11` of `/usr/bin/python3`, which is a link to `python3.11`: a version without asking the program. */
export function versionByName(path: ByteString): string | undefined {
  return /(\d+\.\d+)$/.exec(posix.basename(realPath(path) ?? ''))?.[1]
}

function locate(name: ByteString, searchPath: string): ByteString | undefined {
  if (name.includes('/')) return isFile(name) ? name : undefined
  if (name === '') return undefined
  const candidates = byteStringOfText(searchPath)
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => posix.join(folder, name))
    .filter(isFile)
  return candidates.find(isExecutable) ?? candidates[0]
}

function isFile(path: ByteString): boolean {
  const status = statusOfFile(path)
  return typeof status !== 'string' && status.type === 'file'
}

function isExecutable(path: ByteString): boolean {
  return refusal(path, 'execute') === undefined
}
