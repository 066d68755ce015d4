// `postern init`: what it makes, what it refuses, and what it tells.

import assert from 'node:assert/strict'
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { lacking, languages, runsTypeScript, siteOf } from '../../src/cli/init-sites.ts'
import { isReachable, serveCommandIn, shellWord } from '../../src/cli/own-command.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const command = join(root, 'dist/cli/main.js')

function init(at: TemporarySite, args: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  const all = { ...process.env, npm_config_offline: 'true', ...env }
  return spawnSync(process.execPath, [command, 'init', ...args], { cwd: at.root, encoding: 'utf8', env: all })
}

function namesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => !name.startsWith('node_modules') && statSync(join(folder, name)).isFile()).toSorted()
}

for (const language of languages) {
  test(`init: --language ${language} makes its files; programs alone may be executed, and data is its owner’s alone`, () => {
    using at = temporarySite()
    const { status, stderr, stdout } = init(at, ['made', '--language', language])
    assert.equal(stderr, '')
    assert.equal(status, 0)
    const { files, program } = siteOf(language)
    const made = join(at.root, 'made')
    const expected = [...files.map(({ to }) => to), ...(language === 'typescript' ? ['package.json'] : [])]
    assert.deepEqual(namesBelow(made), expected.toSorted())
    for (const { to, isProgram = false } of files) {
      assert.equal((statSync(join(made, to)).mode & 0o100) !== 0, isProgram, to)
      assert.doesNotMatch(readFileSync(join(made, to), 'utf8'), /\{\{/, to)
    }
    assert.equal(statSync(join(made, 'data')).mode & 0o777, 0o700)
    assert.deepEqual(readdirSync(join(made, 'data')), [])
    assert.ok(existsSync(join(made, program)))
    assert.match(stdout, /^ {2}cd made && (?:npx postern|postern|node \S+main\.js) serve public$/m)
    assert.equal(readFileSync(join(made, '.gitignore'), 'utf8').includes('data/\n'), true)
    assert.equal(readFileSync(join(made, 'README.md'), 'utf8').trimEnd().split('\n').length <= 14, true)
  })
}

test('init: without --language it takes the first that runs here, and names the others with what they lack', () => {
  using at = temporarySite()
  const { stdout, status } = init(at, ['made'], { PATH: at.root })
  assert.equal(status, 0)
  // No interpreter is in PATH: only Node is here, and it may have SQLite of its own.
  if (stdout.startsWith('A guest book in TypeScript')) {
    assert.match(stdout, /python \(needs python3 with sqlite3\), perl \(needs perl[^)]*\), php \(needs php-cgi\)/)
  } else {
    assert.match(stdout, /^A guest book in Python/)
    assert.match(stdout, /perl \(needs perl[^)]*\), php \(needs php-cgi\), typescript/)
    assert.match(stdout, /It does not run on this machine yet. What is missing: python3 with sqlite3\./)
  }
  const here = init(at, ['here'])
  const runs = (['python', 'typescript', 'php', 'perl'] as const).find((each) => lacking(each) === undefined)
  assert.match(here.stdout, new RegExp(`^A guest book in ${siteOf(runs ?? 'python').title}:`))
})

test('init: without DIR it is the working folder, and no folder has to be entered', () => {
  using at = temporarySite({ '.git/HEAD': 'ref: refs/heads/main\n', '.editorconfig': '' })
  const { stdout, status } = init(at, ['--language', 'python'])
  assert.equal(status, 0)
  assert.doesNotMatch(stdout, /\bcd\b/)
  assert.ok(existsSync(join(at.root, 'public/style.css')))
  assert.equal(readFileSync(join(at.root, '.git/HEAD'), 'utf8'), 'ref: refs/heads/main\n')
})

test('init: a .gitignore that is there stays as it was, and what it should name is told', () => {
  using at = temporarySite({ 'made/.gitignore': 'mine\n' })
  const { stdout, status } = init(at, ['made', '--language', 'perl'])
  assert.equal(status, 0)
  assert.equal(readFileSync(join(at.root, 'made/.gitignore'), 'utf8'), 'mine\n')
  assert.match(stdout, /Left as it was: \.gitignore\. It should name data\/ and node_modules\/\./)
})

const refusals: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['full'], /full is not empty: it has a, b, c, d, e and 2 more;/],
  [['one'], /one is not empty: it has notes\.txt;/],
  [['one/notes.txt'], /one\/notes\.txt is a file; a site needs a folder/],
  [['made', '--language', 'cobol'], /Allowed choices are python, perl, php, typescript/],
  [['made', 'more'], /too many arguments/],
]

for (const [args, message] of refusals) {
  test(`errors of use: postern init ${args.join(' ')} is one clear line and exit code 2, and makes nothing`, () => {
    const full = Object.fromEntries(['g', 'f', 'e', 'd', 'c', 'b', 'a'].map((name) => [`full/${name}`, name]))
    using at = temporarySite({ ...full, 'one/notes.txt': 'keep' })
    const before = namesBelow(at.root)
    const { status, stderr, stdout } = init(at, args)
    assert.match(stderr, message)
    assert.match(stderr, /^postern: [^\n]*\n$/)
    assert.equal(status, 2)
    assert.equal(stdout, '')
    assert.deepEqual(namesBelow(at.root), before)
    assert.equal(readFileSync(join(at.root, 'one/notes.txt'), 'utf8'), 'keep')
  })
}

test('init: what is told to be typed leads into the folder, whatever its name', () => {
  using at = temporarySite()
  for (const name of ["it's $HOME", 'ünder `x`', '~', 'a;b&c', ' ']) {
    const { stdout, status } = init(at, [name, '--language', 'python'])
    assert.equal(status, 0)
    const [, enter = ''] = /^ {2}(cd .*) && .* serve public$/m.exec(stdout) ?? []
    const { stdout: entered } = spawnSync('sh', ['-c', `${enter} && pwd`], { cwd: at.root, encoding: 'utf8' })
    assert.equal(entered, `${join(at.root, name)}\n`)
  }
})

test('init: words for a shell', () => {
  assert.equal(shellWord('plain/name-1.2'), 'plain/name-1.2')
  assert.equal(shellWord("it's"), `'it'\\''s'`)
  assert.equal(shellWord('-rf'), './-rf')
  assert.equal(shellWord(''), `''`)
})

test('init: in a project that has Postern it is called by npx, elsewhere by the path of its file', () => {
  using at = temporarySite({ 'other/site/.keep': '', 'foreign/node_modules/postern/package.json': '{}' })
  mkdirSync(join(at.root, 'project/node_modules'), { recursive: true })
  mkdirSync(join(at.root, 'project/site'))
  symlinkSync(root, join(at.root, 'project/node_modules/postern'))
  assert.equal(isReachable(join(at.root, 'project/site'), root), true)
  assert.equal(isReachable(join(at.root, 'other/site'), root), false)
  assert.equal(isReachable(join(at.root, 'foreign'), root), false)
  assert.match(serveCommandIn(join(at.root, 'other/site'), root), /^(?:postern|node \S*dist\/cli\/main\.js)$/)
})

test('init: a site in TypeScript finds postern/app and its command without a network and without npm install', () => {
  using at = temporarySite()
  assert.equal(init(at, ['My Site!', '--language', 'typescript']).status, 0)
  const made = join(at.root, 'My Site!')
  const settings: unknown = JSON.parse(readFileSync(join(made, 'package.json'), 'utf8'))
  assert.ok(typeof settings === 'object' && settings !== null && 'name' in settings)
  assert.equal(settings.name, 'my-site')
  assert.equal(statSync(join(made, 'node_modules/postern/package.json')).ino, statSync(join(root, 'package.json')).ino)
  assert.equal(statSync(join(made, 'node_modules/.bin/postern')).ino, statSync(command).ino)
  const source = `console.log(import.meta.resolve('postern/app'))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { cwd: made, encoding: 'utf8' })
  assert.equal(stdout.trim(), pathToFileURL(join(root, 'dist/bundled/app.js')).href)
})

test('init: which Node runs TypeScript as it is', () => {
  const answers = ['20.19.0', '22.17.1', '22.18.0', '23.5.0', '23.6.0', '24.0.0', '26.1.0'].map(runsTypeScript)
  assert.deepEqual(answers, [false, false, true, false, true, true, true])
})

test('init: the template in JavaScript is the one in TypeScript without its types', () => {
  using at = temporarySite({ 'package.json': '{ "type": "module" }' })
  assert.equal(compiled(at, 'ts'), compiled(at, 'js'))
})

/** What the compiler makes of both files of a template: types, empty lines and ways of writing are gone. */
function compiled(at: TemporarySite, suffix: 'ts' | 'js'): string {
  const sources = ['public/cgi-bin/guest-book', 'lib/book'].map((name) =>
    at.add(`${suffix}/${name}.${suffix}`, readFileSync(join(root, `templates/typescript/${name}.${suffix}`))),
  )
  const out = join(at.root, 'out', suffix)
  const flags = ['--ignoreConfig', '--noCheck', '--allowJs', '--target', 'es2023', '--module', 'nodenext']
  const folders = ['--rewriteRelativeImportExtensions', '--rootDir', join(at.root, suffix), '--outDir', out]
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const args = [tsc, ...flags, ...folders, ...sources]
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(status, 0, stdout)
  const texts = ['public/cgi-bin/guest-book.js', 'lib/book.js'].map((name) => readFileSync(join(out, name), 'utf8'))
  return texts.join('\n').replaceAll('guest-book.ts', 'guest-book.js').replaceAll(/\s+/g, ' ')
}

test('init: every template that the package has is used, and every one that is used is there', () => {
  const used = new Set(
    languages.flatMap((language) =>
      [true, false].flatMap((types) => siteOf(language, types).files.map(({ from }) => from)),
    ),
  )
  assert.deepEqual(namesBelow(join(root, 'templates')), [...used].toSorted())
})
