// A script that is edited is another script from the next request on, whatever a warm interpreter has kept of it.

import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { authorizer, createGateway, files, type GatewayEvent } from '../../src/index.ts'
import { loadNative } from '../../src/transport/native.ts'
import { eventually } from '../support/server-process.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { WarmStage } from './warm-stage.ts'

const native = loadNative()
const skip = 'reason' in native ? native.reason : missing('/usr/bin/python3', '/usr/bin/perl')

/** All of the same length, so that only the time, or not even that, tells them apart. */
const scripts = {
  python: (text: string) => `#!/usr/bin/python3\nprint("Content-Type: text/plain\\n")\nprint("${text}")\n`,
  perl: (text: string) => `#!/usr/bin/perl\nprint "Content-Type: text/plain\\n\\n${text}\\n";\n`,
} as const

const languages = ['python', 'perl'] as const
const edits = 200

for (const language of languages) {
  test(
    `edits, warm ${language}: each of ${edits} versions, written in place or renamed, is run at once`,
    { skip },
    async () => {
      await using stage = new WarmStage({ script: scripts[language]('first') })
      await stage.warmUp(`${language}-look`)
      const file = join(stage.site.root, 'script')
      for (let edit = 0; edit < edits; edit++) {
        const text = `v${String(edit).padStart(4, '0')}`
        if (edit % 2 === 0) writeFileSync(file, scripts[language](text))
        else {
          writeFileSync(`${file}.new`, scripts[language](text), { mode: 0o755 })
          renameSync(`${file}.new`, file)
        }
        const from = stage.events.length
        assert.equal((await stage.get('script')).body, `${text}\n`)
        assert.ok(stage.isWarm(from))
      }
    },
  )

  test(
    `edits, warm ${language}: a kept script is forgotten when its time is set back`,
    { skip, timeout: 30_000 },
    async () => {
      await using stage = new WarmStage({ script: scripts[language]('first') })
      const file = join(stage.site.root, 'script')
      utimesSync(file, 1_000_000_000, 1_000_000_000)
      await stage.warmUp('script')
      // Long enough for a compiled copy to be taken for settled.
      const until = performance.now() + 2500
      while (performance.now() < until) assert.equal((await stage.get('script')).body, 'first\n')
      writeFileSync(file, scripts[language]('other'))
      utimesSync(file, 1_000_000_000, 1_000_000_000)
      assert.equal((await stage.get('script')).body, 'other\n')
    },
  )

  test(`edits, warm ${language}: not executable, another interpreter, gone and back again`, { skip }, async () => {
    await using stage = new WarmStage({ script: scripts[language]('first') })
    await stage.warmUp('script')
    const file = join(stage.site.root, 'script')
    const cold = new WarmStage({ script: scripts[language]('first') }, { warm: 'off' })
    await using _ = cold
    const coldFile = join(cold.site.root, 'script')
    const both = async (change: (path: string) => void): Promise<readonly [number, number]> => {
      change(file)
      change(coldFile)
      const [warm, fresh] = [await stage.get('script'), await cold.get('script')]
      if (fresh.status === 200) assert.equal(warm.body, fresh.body)
      return [warm.status, fresh.status]
    }
    for (const change of [
      (path: string) => chmodSync(path, 0o644),
      (path: string) => chmodSync(path, 0o755),
      (path: string) => writeFileSync(path, '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\nshell\\n"\n'),
      (path: string) => writeFileSync(path, `#!/no/such/${language}\n`),
      (path: string) => writeFileSync(path, scripts[language]('again')),
      (path: string) => writeFileSync(path, `${scripts[language]('again')}(((\n`),
      (path: string) => rmSync(path),
      (path: string) => mkdirSync(path),
      (path: string) => rmSync(path, { recursive: true }),
      (path: string) => writeFileSync(path, scripts[language]('back '), { mode: 0o755 }),
    ]) {
      const [warm, fresh] = await both(change)
      assert.equal(warm, fresh, String(change))
    }
    assert.equal((await stage.get('script')).body, 'back \n')
    assert.ok(stage.isWarm())
  })
}

const withModule = {
  python: [
    'beside.py',
    (text: string) => `text = "${text}"\n`,
    '#!/usr/bin/python3\nimport beside\nprint("Content-Type: text/plain\\n")\nprint(beside.text)\n',
  ],
  perl: [
    'Beside.pm',
    (text: string) => `package Beside;\nour $text = "${text}";\n1;\n`,
    '#!/usr/bin/perl\nuse FindBin;\nuse lib $FindBin::Bin;\nuse Beside;\nprint "Content-Type: text/plain\\n\\n$Beside::text\\n";\n',
  ],
} as const

for (const language of languages) {
  const [name, module, script] = withModule[language]
  test(`edits, warm ${language}: a module beside the script is read anew for each request`, { skip }, async () => {
    await using stage = new WarmStage({ script, [name]: module('first') })
    await stage.warmUp('script')
    for (let edit = 0; edit < 40; edit++) {
      // Of another length each time: Python itself takes a file of the same second and length for the same.
      const text = 'x'.repeat(edit + 1)
      stage.site.add(name, module(text))
      assert.equal((await stage.get('script')).body, `${text}\n`)
      assert.ok(stage.isWarm())
    }
  })
}

const withFolder = (folder: string): string =>
  `#!/usr/bin/perl\nuse lib "${folder}";\nuse Text::Tabs;\nprint "Content-Type: text/plain\\n\\n", $Text::Tabs::own // "none";\n`

test(
  'edits, warm perl: what was found in a text is not held against the next one of its length',
  { skip },
  async () => {
    await using stage = new WarmStage({
      page: withFolder('aa'),
      'bb/Text/Tabs.pm': 'package Text::Tabs;\nour $own = "own";\n1;\n',
    })
    await stage.warmUp('page')
    await stage.get('page')
    await eventually(() => stage.count('launcher-ready') > 1, 5000)
    for (let round = 0; round < 6; round++) {
      for (const [folder, seen] of [
        ['aa', 'none'],
        ['bb', 'own'],
      ] as const) {
        stage.site.add('page', withFolder(folder))
        // So often that workers come to serve who know what the first of them found.
        for (let time = 0; time < 6; time++) assert.equal((await stage.get('page')).body, seen, `round ${round}`)
      }
    }
  },
)

test('edits, warm perl: a script that no worker can be is started afresh after an edit, too', { skip }, async () => {
  const page = `#!/usr/bin/perl\nBEGIN { unshift @INC, "lib" . $$ }\nprint "Content-Type: text/plain\\n\\nfine";\n`
  await using stage = new WarmStage({ page })
  await stage.warmUp('perl-look')
  const runsCold = async (): Promise<boolean> => {
    const from = stage.events.length
    assert.equal((await stage.get('page')).body, 'fine')
    return !stage.isWarm(from)
  }
  for (const text of [page, `${page}# edited\n`, `${page}# edited again\n`]) {
    stage.site.add('page', text)
    await runsCold()
    assert.ok(await eventually(() => stage.count('program-ended') === stage.count('program-started'), 3000))
    assert.equal(await runsCold(), true)
  }
})

test(
  'edits, warm python: a module put beside a script counts, though its folder’s time is set back',
  { skip },
  async () => {
    await using stage = new WarmStage({
      'app/script':
        '#!/usr/bin/python3\nimport colorsys\nprint("Content-Type: text/plain\\n")\nprint(getattr(colorsys, "own", "none"))\n',
    })
    const folder = join(stage.site.root, 'app')
    const at = 1_000_000_000
    utimesSync(folder, at, at)
    await stage.warmUp('app/script')
    const until = performance.now() + 3500
    while (performance.now() < until) assert.equal((await stage.get('app/script')).body, 'none\n')
    stage.site.add('app/colorsys.py', 'own = "own"\n')
    utimesSync(folder, at, at)
    assert.equal((await stage.get('app/script')).body, 'own\n')
  },
)

test(
  'edits, warm python: when a module that was loaded ahead is edited, another launcher takes over',
  { skip },
  async () => {
    const library = temporarySite({ 'beside.py': 'text = "first"\n' })
    using _ = library
    const options = { preload: ['beside'], env: { PYTHONPATH: library.root } }
    await using stage = new WarmStage({ script: withModule.python[2] }, options)
    const launcher = await stage.warmUp('python-look')
    assert.equal((await stage.get('script')).body, 'first\n')
    await sleep(1100)
    library.add('beside.py', 'text = "second"\n')
    // What waits already has loaded it; the worker that is forked in its place notices.
    await stage.get('script')
    assert.ok(await eventually(() => stage.count('launcher-ready') > 1, 5000))
    assert.equal((await stage.get('script')).body, 'second\n')
    assert.notEqual(await stage.warmUp('python-look'), launcher)
  },
)

test(
  'Security: an authorizer made unexecutable, or removed, lets nobody pass from then on, however warm it is',
  { skip },
  async () => {
    const events: GatewayEvent[] = []
    using site = temporarySite({ 'files/page.txt': 'page\n' })
    const path = site.add('authorize', '#!/usr/bin/python3\nprint("Status: 200\\n")\n')
    await using gateway = createGateway({
      routes: [{ path: '/', to: files(join(site.root, 'files')), authorizer: authorizer({ script: path }) }],
      observe: (event) => events.push(event),
    })
    const status = async (): Promise<number> => (await gateway.fetch(new Request('http://a.example/page.txt'))).status
    const isWarm = (): boolean => events.some((event) => event.type === 'program-started' && event.isWarm)
    while (!isWarm()) assert.equal(await status(), 200)
    chmodSync(path, 0o644)
    assert.equal(await status(), 502)
    chmodSync(path, 0o755)
    assert.equal(await status(), 200)
    rmSync(path)
    assert.equal(await status(), 502)
  },
)
