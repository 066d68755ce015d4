// What becomes of files: where they lie, how they are moved, and that nothing is left over.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FormError, readForm, type FormFile } from '../../src/forms.ts'
import { safeName } from '../../src/forms/safe-name.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { boundary, formFolders, head, multipart, multipartType, request } from './bodies.ts'

const body = multipart([
  { name: 'a', filename: '../../etc/passwd', type: 'text/plain', content: 'first' },
  { name: 'a', filename: 'b.txt', content: 'second' },
])

function only(files: readonly FormFile[]): FormFile {
  const [file] = files
  assert.ok(file !== undefined)
  return file
}

test('postern/forms: files lie in a folder of mode 700, have mode 600 and no name of the client’s', async () => {
  using site = temporarySite()
  const folder = site.root
  {
    await using form = await readForm(request(body, multipartType), { folder })
    const [made] = formFolders(folder)
    assert.equal(statSync(join(folder, made ?? '')).mode & 0o777, 0o700)
    for (const file of form.files('a')) {
      assert.equal(statSync(file.path).mode & 0o777, 0o600)
      assert.match(file.path.slice(folder.length), /^\/postern-form-\w{6}\/[0-9a-f]{24}$/)
    }
    assert.deepEqual(
      form.files().map(({ filename, safeName: safe, size, type }) => [filename, safe, size, type]),
      [
        ['../../etc/passwd', 'passwd', 5, 'text/plain'],
        ['b.txt', 'b.txt', 6, 'application/octet-stream'],
      ],
    )
  }
  assert.deepEqual(readdirSync(folder), [])
})

test('postern/forms: a form without files makes no folder, and may be disposed of twice', async () => {
  using site = temporarySite()
  const form = await readForm(request(multipart([{ name: 'a', content: 'v' }]), multipartType), { folder: site.root })
  assert.deepEqual(readdirSync(site.root), [])
  await form[Symbol.asyncDispose]()
  await form[Symbol.asyncDispose]()
})

test('postern/forms: a file that was moved stays, with the mode that was asked for; the others go', async () => {
  using site = temporarySite()
  const folder = site.root
  const kept = join(folder, 'kept')
  {
    await using form = await readForm(request(body, multipartType), { folder })
    const file = only(form.files('a'))
    await file.moveTo(kept, { mode: 0o644 })
    assert.equal(file.path, kept)
    await file.moveTo(join(folder, 'again'))
  }
  assert.deepEqual(readdirSync(folder), ['again'])
  assert.equal(readFileSync(join(folder, 'again'), 'utf8'), 'first')
  assert.equal(statSync(join(folder, 'again')).mode & 0o777, 0o600)
})

/** Another file system, where this machine has one that may be written to. */
function elsewhere(): string | undefined {
  try {
    return mkdtempSync('/dev/shm/postern-test-')
  } catch {
    return undefined
  }
}

for (const across of [false, true]) {
  const shared = across ? elsewhere() : undefined
  test(
    `postern/forms: moving ${across ? 'to another file system' : 'in one file system'} overwrites only when told, and leaves nothing beside it`,
    { skip: across && shared === undefined ? 'no /dev/shm' : false },
    async () => {
      using site = temporarySite({ 'target/taken': 'old' })
      const target = shared ?? join(site.root, 'target')
      try {
        writeFileSync(join(target, 'taken'), 'old')
        await using form = await readForm(request(body, multipartType), { folder: site.root })
        const file = only(form.files('a'))
        await assert.rejects(file.moveTo(join(target, 'taken')), { code: 'EEXIST' })
        await assert.rejects(file.moveTo(join(target, 'missing/x')), { code: 'ENOENT' })
        assert.equal(readFileSync(join(target, 'taken'), 'utf8'), 'old')
        assert.equal(readFileSync(file.path, 'utf8'), 'first')
        await file.moveTo(join(target, 'taken'), { overwrite: true, mode: 0o640 })
        assert.equal(readFileSync(join(target, 'taken'), 'utf8'), 'first')
        assert.equal(statSync(join(target, 'taken')).mode & 0o777, 0o640)
        await only(form.files('a').slice(1)).moveTo(join(target, 'new'))
        assert.deepEqual(readdirSync(target).sort(), ['new', 'taken'])
      } finally {
        if (shared !== undefined) rmSync(shared, { recursive: true })
      }
    },
  )
}

test('postern/forms: a client that goes away leaves nothing, wherever it stopped', async () => {
  using site = temporarySite()
  for (let length = 1; length < body.length - 2; length += 5) {
    const source = (async function* (): AsyncGenerator<Uint8Array> {
      yield body.subarray(0, length)
      throw new Error('ECONNRESET')
    })()
    const reading = readForm({ contentType: multipartType, body: source }, { folder: site.root })
    await assert.rejects(reading, (error: unknown) => error instanceof FormError && error.kind === 'broken-off')
    assert.deepEqual(readdirSync(site.root), [], `${length} bytes`)
  }
})

test('postern/forms: a folder that cannot be written to is told, with the folder and the cause', async () => {
  await assert.rejects(readForm(request(body, multipartType), { folder: '/nowhere' }), (error: unknown) => {
    assert.ok(error instanceof FormError)
    assert.deepEqual([error.kind, error.status], ['storage', 500])
    assert.match(error.message, /could not be stored in \/nowhere: ENOENT/)
    return true
  })
})

test('postern/forms: where there is no more room it is 507, and nothing is left', () => {
  using site = temporarySite()
  const forms = fileURLToPath(new URL('../../src/forms.js', import.meta.url))
  site.add(
    'full.mjs',
    `import { readForm } from ${JSON.stringify(forms)}
     async function* body() {
       yield Buffer.from(${JSON.stringify(`--${boundary}\r\n${head('name="a"; filename="f"')}`)})
       for (let sent = 0; sent < 100; sent++) yield Buffer.alloc(65536)
     }
     await readForm({ contentType: ${JSON.stringify(multipartType)}, body: body() }, { folder: process.argv[2] }).catch((error) =>
       console.log(error.name, error.kind, error.status, error.cause.code))`,
  )
  site.add('forms/x', '')
  // The limit of the shell stands for a full disk: a write takes a part, the next one nothing.
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', 'ulimit -f 200 && exec "$@"', 'sh', process.execPath, join(site.root, 'full.mjs'), join(site.root, 'forms')],
    { encoding: 'utf8', timeout: 30_000 },
  )
  assert.equal(stdout, 'FormError storage 507 EFBIG\n', stderr)
  assert.deepEqual(readdirSync(join(site.root, 'forms')), ['x'])
})

test('RFC 7578 4.2: safeName has no folder, no control, no hidden file and no device, and something always', () => {
  const names: readonly (readonly [string, string])[] = [
    ['photo.jpg', 'photo.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\fakepath\\a.txt', 'a.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['/', 'file'],
    ['.htaccess', 'htaccess'],
    ['-rf', 'rf'],
    ['a\0.php\n', 'a.php'],
    ['photo\u202Egpj.exe', 'photogpj.exe'],
    ['a<b>:"|?*.txt', 'a_b______.txt'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['console.txt', 'console.txt'],
    ['a. . ', 'a'],
    ['u\u0308.txt', 'ü.txt'],
    ['日本.png', '日本.png'],
    ['\uD800x', 'x'],
  ]
  for (const [filename, expected] of names) assert.equal(safeName(filename), expected, JSON.stringify(filename))
  const long = safeName(`${'ü'.repeat(5000)}.jpeg`)
  assert.ok(Buffer.byteLength(long) <= 200 && long.endsWith('ü.jpeg'))
})
