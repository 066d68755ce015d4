// Holds the layers of docs/architecture.md true.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const src = join(root, 'src')

/** From the ground up; a folder may import from its own row and the rows below it. */
const layers: readonly (readonly string[])[] = [
  ['bytes', 'events'],
  ['protocol'],
  ['transport'],
  ['executors', 'forms'],
  ['gateway', 'files'],
  ['frontends', 'observers'],
  ['config'],
  ['cli', 'app'],
]
const longest = 400
const pureFolders = ['bytes', 'events', 'protocol']

interface SourceFile {
  readonly path: string
  readonly folder: string
  readonly text: string
  readonly imports: readonly string[]
}

const files: readonly SourceFile[] = readdirSync(src, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const text = readFileSync(join(src, name), 'utf8')
    const imports = [...text.matchAll(/(?:^|\n)(?:import|export)[^'\n]*?(?:from )?'([^']+)'/g)].map(
      (match) => match[1] ?? '',
    )
    const multiline = [...text.matchAll(/\} from '([^']+)'/g)].map((match) => match[1] ?? '')
    return { path: name, folder: name.split('/')[0] ?? '', text, imports: [...new Set([...imports, ...multiline])] }
  })

function rank(folder: string): number {
  return layers.findIndex((row) => row.includes(folder))
}

function target(file: SourceFile, specifier: string): string {
  return relative(src, join(src, dirname(file.path), specifier))
}

test('architecture: every folder of src is a layer', () => {
  const folders = new Set(files.filter(({ path }) => path.includes('/')).map(({ folder }) => folder))
  assert.deepEqual(
    [...folders].filter((folder) => rank(folder) === -1),
    [],
  )
})

test('architecture: imports point down', () => {
  const upward = files
    .filter(({ path }) => path.includes('/'))
    .flatMap((file) =>
      file.imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => target(file, specifier))
        .filter((path) => rank(path.split('/')[0] ?? '') > rank(file.folder))
        .map((path) => `${file.path} imports ${path}`),
    )
  assert.deepEqual(upward, [])
})

test('architecture: nobody below config imports an observer', () => {
  const importers = files
    .filter(({ folder }) => !['observers', 'cli', 'app', 'config'].includes(folder))
    .filter((file) => file.imports.some((specifier) => target(file, specifier).startsWith('observers/')))
  assert.deepEqual(
    importers.map(({ path }) => path),
    [],
  )
})

test('architecture: no cycle of imports', () => {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): void => {
    assert.ok(!way.includes(path), `a cycle: ${[...way, path].join(' > ')}`)
    const file = byPath.get(path)
    if (file === undefined || done.has(path)) return
    for (const specifier of file.imports.filter((name) => name.startsWith('.')))
      visit(target(file, specifier), [...way, path])
    done.add(path)
  }
  for (const { path } of files) visit(path, [])
})

test(`architecture: no file is longer than ${longest} lines`, () => {
  assert.deepEqual(
    files.filter(({ text }) => text.split('\n').length > longest).map(({ path }) => path),
    [],
  )
})

test('architecture: bytes, events and protocol know no I/O, clock or promise', () => {
  const pure = files.filter(({ folder }) => pureFolders.includes(folder))
  assert.deepEqual(
    pure.filter(({ imports }) => imports.some((name) => name.startsWith('node:'))).map(({ path }) => path),
    [],
  )
  const impure = /\b(setTimeout|setInterval|Date\.now|performance\.now|new Promise|await )/
  assert.deepEqual(
    pure.filter(({ text }) => impure.test(text)).map(({ path }) => path),
    [],
  )
})
