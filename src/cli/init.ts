// `postern init`: a small site that runs at once. It asks nothing, fetches nothing, and writes over nothing.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { languages, lacking, siteOf, type Language, type Site } from './init-sites.ts'
import { isReachable, serveCommandIn, shellWord } from './own-command.ts'

export interface InitFlags {
  readonly language?: Language
}

type Out = Pick<NodeJS.WriteStream, 'write'>

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Throws TypeError for a folder that holds anything but dot files. */
export function initCommand(dir: string, flags: InitFlags, out: Out): void {
  const folder = resolve(dir)
  refuseFull(dir, folder)
  const language = flags.language ?? firstThatRuns()
  const site = siteOf(language)
  const kept = writeSite(folder, site)
  if (language === 'typescript') writePackage(folder, site)
  out.write(report(dir, folder, language, site, flags.language !== undefined, kept))
}

const mostNamed = 5

function refuseFull(dir: string, folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (!stat.isDirectory()) throw new TypeError(`${dir} is a file; a site needs a folder`)
  const names = readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .toSorted()
  if (names.length === 0) return
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  throw new TypeError(
    `${dir} is not empty: it has ${names.slice(0, mostNamed).join(', ')}${more}; name a new folder, as in postern init guest-book`,
  )
}

/** In the order in which somebody who has named none is likely to want them. */
const byLikelihood = ['python', 'typescript', 'php', 'perl'] as const

function firstThatRuns(): Language {
  return byLikelihood.find((language) => lacking(language) === undefined) ?? 'python'
}

/** Gives the files that were there before, and are as they were. */
function writeSite(folder: string, { files, program }: Site): readonly string[] {
  const made = files.map(({ from, to, isProgram = false }) => ({
    to,
    mode: isProgram ? 0o777 : 0o666,
    text: readFileSync(join(root, 'templates', from), 'utf8')
      .replaceAll('{{program}}', program.slice('public/'.length))
      .replaceAll('{{name}}', basename(program)),
  }))
  const kept = made.filter(({ to }) => existsSync(join(folder, to))).map(({ to }) => to)
  for (const { to, mode, text } of made.filter((file) => !kept.includes(file.to))) {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    writeFileSync(join(folder, to), text, { mode, flag: 'wx' })
  }
  // Security: what visitors write lies outside the folder that is served, and is its owner's alone.
  mkdirSync(join(folder, 'data'), { mode: 0o700 })
  return kept
}

/** What the program imports. It is linked as `npm link` does it, so that nothing has to be fetched. */
function writePackage(folder: string, { title }: Site): void {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const isInstalled = /[/\\]node_modules[/\\]/.test(root)
  const dependency = isInstalled ? `^${version}` : `file:${relative(folder, root) || '.'}`
  const settings = {
    name: packageName(folder),
    private: true,
    type: 'module',
    scripts: { start: 'postern serve public' },
    dependencies: { postern: dependency },
    ...(title === 'TypeScript' ? { devDependencies: { '@types/node': '^24.0.0', typescript: '^5.9.0' } } : {}),
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(settings, undefined, 2)}\n`, { flag: 'wx' })
  if (isReachable(folder, root)) return
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(root, join(folder, 'node_modules/postern'), 'junction')
  symlinkSync('../postern/dist/cli/main.js', join(folder, 'node_modules/.bin/postern'))
  makeExecutable(join(root, 'dist/cli/main.js'))
}

/** npm does so to what it installs; in a clone nobody has done it yet. */
function makeExecutable(command: string): void {
  const { mode } = statSync(command)
  if ((mode & 0o111) !== 0) return
  try {
    chmodSync(command, mode | 0o755)
  } catch {
    // Somebody else's clone: the command that is told does without.
  }
}

function packageName(folder: string): string {
  const name = (folder.split('/').at(-1) ?? '').toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-')
  return name.replaceAll(/^[._-]+|[._-]+$/g, '') || 'guest-book'
}

function report(
  dir: string,
  folder: string,
  language: Language,
  { title, program }: Site,
  isChosen: boolean,
  kept: readonly string[],
): string {
  const missing = lacking(language)
  const lines = [`A guest book in ${title}: ${program} is the program, README.md says how it works.`]
  if (kept.length > 0) lines.push(`Left as it was: ${kept.join(', ')}. It should name data/ and node_modules/.`)
  if (title === 'JavaScript') {
    lines.push(`Its types are taken out: Node ${process.versions.node} cannot run TypeScript, 22.18 and newer can.`)
  }
  if (!isChosen) {
    const others = languages.filter((other) => other !== language).map((other) => `${other}${needs(lacking(other))}`)
    lines.push(`--language makes it in another one: ${others.join(', ')}.`)
  }
  if (missing !== undefined) lines.push(`It does not run on this machine yet. What is missing: ${missing}.`)
  const enter = resolve('.') === folder ? '' : `cd ${shellWord(dir)} && `
  lines.push('', `  ${enter}${serveCommandIn(folder, root)} serve public`, '', 'Then open http://127.0.0.1:8080/')
  return `${lines.join('\n')}\n`
}

function needs(missing: string | undefined): string {
  return missing === undefined ? '' : ` (needs ${missing})`
}
