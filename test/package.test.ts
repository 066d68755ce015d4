// What package.json promises is true of the sources. `npm run package:check` tries the packed package itself.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { program } from '../src/cli/program.ts'
import { serverSoftware } from '../src/gateway/meta-variables.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface PackageFile {
  readonly version: string
  readonly bin: Readonly<Record<string, string>>
  readonly engines: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

const packageFile: PackageFile = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

test('package: one version in package.json, the command and SERVER_SOFTWARE', () => {
  assert.equal(program().version(), packageFile.version)
  assert.equal(serverSoftware, `postern/${packageFile.version}`)
})

test('package: the command is a file that Node runs', () => {
  for (const [name, path] of Object.entries(packageFile.bin)) {
    const source = path.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts')
    assert.match(readFileSync(join(root, source), 'utf8'), /^#!\/usr\/bin\/env node\n/, name)
  }
})

test('package: what the sources import is a dependency, and every dependency is imported', () => {
  assert.deepEqual(importedPackages().toSorted(), Object.keys(packageFile.dependencies).toSorted())
})

test('package: every dependency is of one exact version', () => {
  const all = { ...packageFile.dependencies, ...packageFile.devDependencies }
  const loose = Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
  assert.deepEqual(loose, [])
})

function importedPackages(): string[] {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const imported = names.flatMap((name) => {
    const source = readFileSync(join(root, 'src', name), 'utf8')
    return [...source.matchAll(/(?:^|[^\w.])(?:from|import|import\()\s*'([^'./][^']*)'/g)].map(([, from = '']) => from)
  })
  const packages = imported.filter((name) => !isBuiltin(name))
  return [
    ...new Set(
      packages.map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    ),
  ]
}
