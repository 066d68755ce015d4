// The codecs as their users get them: from the packed package alone, in a folder with no other, by the guide's examples.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'postern-codecs-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 120_000 })
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`)
  return stdout
}

/** Unpacked, not installed: its dependencies are not there. */
function unpack(): void {
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root)
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const place = join(folder, 'node_modules/postern')
  mkdirSync(place, { recursive: true })
  run('tar', ['-xzf', join(folder, `postern-${version}.tgz`), '-C', place, '--strip-components=1'], folder)
}
unpack()

const guide = readFileSync(join(root, 'docs/guides/codecs.md'), 'utf8')
const examples = [...guide.matchAll(/^```js\n([^]*?)^```/gm)].map((match) => match[1] ?? '')

for (const example of examples) {
  const subpath = /from '(postern\/[a-z]+)'/.exec(example)?.[1]
  test(`library: the example of ${subpath} in the guide writes what it says, with the packed package alone`, () => {
    const said = [...example.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map((match) => match[1] ?? '')
    assert.equal(said.length, example.split('console.log').length - 1, 'each line of output stands in a comment')
    const file = join(folder, 'example.mjs')
    writeFileSync(file, example)
    assert.deepEqual(run(process.execPath, [file], folder).trimEnd().split('\n'), said)
  })
}

test('library: the guide has an example of each subpath with a codec, and each exports its ProtocolError', () => {
  const { exports }: { readonly exports: Readonly<Record<string, unknown>> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const subpaths = Object.keys(exports)
    .filter((name) => /^\.\/[a-z]+$/.test(name))
    .map((name) => `postern${name.slice(1)}`)
  for (const subpath of ['postern/fastcgi', 'postern/scgi', 'postern/uwsgi']) {
    assert.ok(subpaths.includes(subpath), subpath)
    assert.equal(examples.filter((example) => example.includes(`from '${subpath}'`)).length, 1, subpath)
    const file = join(folder, 'errors.mjs')
    writeFileSync(file, `import { ProtocolError } from '${subpath}'\nconsole.log(new ProtocolError('a', 'b').name)\n`)
    assert.equal(run(process.execPath, [file], folder), 'ProtocolError\n')
  }
})
