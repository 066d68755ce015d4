// What `postern init` can make: the files of each language, and what it needs on this machine.

import { spawnSync } from 'node:child_process'
import { findPhp } from '../transport/fastcgi-programs/find-php.ts'

export const languages = ['python', 'perl', 'php', 'typescript'] as const
export type Language = (typeof languages)[number]

export interface SiteFile {
  /** Below the folder of templates. */
  readonly from: string
  /** Below the folder that is made. */
  readonly to: string
  readonly isProgram?: boolean
}

export interface Site {
  readonly title: string
  /** The program that visitors use. */
  readonly program: string
  readonly files: readonly SiteFile[]
}

const shared = (to: string, from = to): SiteFile => ({ from: `shared/${from}`, to })
const everywhere = [shared('public/style.css'), shared('.gitignore', 'gitignore')]
const welcome = shared('public/index.html')
const helper = shared('lib/sqlite.py')

/** This Node runs files of TypeScript as they are (22.18, 23.6). */
export function runsTypeScript(version: string = process.versions.node): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)
}

/** `types`: TypeScript as it is, or with the types taken out. */
export function siteOf(language: Language, types: boolean = runsTypeScript()): Site {
  const suffix = { python: 'py', perl: 'pl', php: 'php', typescript: types ? 'ts' : 'js' }[language]
  const program = language === 'php' ? 'public/index.php' : `public/cgi-bin/guest-book.${suffix}`
  const own = (to: string, isProgram = false): SiteFile => ({ from: `${language}/${to}`, to, isProgram })
  const rest: Readonly<Record<Language, readonly SiteFile[]>> = {
    python: [own(program, true), welcome],
    perl: [own(program, true), own('lib/Book.pm'), helper, welcome],
    php: [own(program), own('lib/book.php'), helper],
    typescript: [
      own(program, true),
      own(`lib/book.${suffix}`),
      ...(types ? [own('tsconfig.json')] : []),
      helper,
      welcome,
    ],
  }
  const title = { python: 'Python', perl: 'Perl', php: 'PHP', typescript: types ? 'TypeScript' : 'JavaScript' }[
    language
  ]
  return { title, program, files: [own('README.md'), ...rest[language], ...everywhere] }
}

const lookMs = 10_000

function says(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { timeout: lookMs, stdio: 'ignore' }).status === 0
}

const noPython = 'python3 with sqlite3'

function python(): boolean {
  return says('python3', '-c', 'import sqlite3')
}

/** Undefined where the site runs here; else what is missing. */
export function lacking(language: Language): string | undefined {
  switch (language) {
    case 'python':
      return python() ? undefined : noPython
    case 'perl':
      if (!says('perl', '-e', 'use 5.14.0; use Digest::SHA')) return 'perl, with its core modules'
      return says('perl', '-MDBD::SQLite', '-e1') || python() ? undefined : `DBD::SQLite, or ${noPython}`
    case 'php': {
      const php = findPhp('php-cgi', process.env['PATH'] ?? '')
      if (php === undefined) return 'php-cgi'
      return phpHasSqlite(php) || python() ? undefined : `PDO for SQLite, or ${noPython}`
    }
    case 'typescript':
      return nodeHasSqlite() || python() ? undefined : `Node 22.13 or newer, or ${noPython}`
  }
}

function phpHasSqlite(php: string): boolean {
  const { stdout } = spawnSync(php, ['-m'], { timeout: lookMs, encoding: 'utf8' })
  return /^pdo_sqlite$/m.test(stdout ?? '')
}

function nodeHasSqlite(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major >= 24 || (major === 23 && minor >= 4) || (major === 22 && minor >= 13)
}
