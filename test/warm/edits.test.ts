// What is edited between two requests counts for the next: the script, its first line, a module of the site, a module
// that is new and has a standard one's name, and that one's removal.

import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cgi, createGateway } from '../../src/index.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { warmth, type Warmth } from './warmth.ts'

interface Edit {
  readonly what: string
  /** Null: removed. */
  readonly files: Readonly<Record<string, string | null>>
  readonly says: string
}

interface Language {
  readonly name: string
  readonly interpreter: string
  readonly script: string
  readonly edits: readonly Edit[]
}

const typed = String.raw`print("Content-Type: text/plain\n\n", end="")`
const pythonScript = `${typed}\nimport shop, html\nprint(shop.price, html.escape("<"))\n`
const perlScript = String.raw`print "Content-Type: text/plain\n\n";
use File::Basename; use lib dirname(__FILE__);
use Shop; use Text::Tabs;
print Shop::price(), " ", Text::Tabs::expand("a\t"), "\n";
`
const ownTabs = 'package Text::Tabs;\nsub expand { "own" }\n1;\n'

const languages: readonly Language[] = [
  {
    name: 'python',
    interpreter: '/usr/bin/python3',
    script: 'page.py',
    edits: [
      {
        what: 'nothing yet',
        files: { 'page.py': `#!/usr/bin/python3\n${pythonScript}`, 'shop.py': 'price = 1\n' },
        says: '1 &lt;\n',
      },
      { what: 'a module of the site', files: { 'shop.py': 'price = 2000\n' }, says: '2000 &lt;\n' },
      {
        what: 'a new module with the name of a standard one',
        files: { 'html.py': 'def escape(text):\n    return "own"\n' },
        says: '2000 own\n',
      },
      { what: 'its removal', files: { 'html.py': null }, says: '2000 &lt;\n' },
      {
        what: 'a package in place of a module',
        files: { 'shop.py': null, 'shop/__init__.py': 'price = 30\n' },
        says: '30 &lt;\n',
      },
      {
        what: 'the script',
        files: { 'page.py': `#!/usr/bin/python3\n${pythonScript}print("more")\n` },
        says: '30 &lt;\nmore\n',
      },
      {
        what: 'its first line',
        files: { 'page.py': `#!/usr/bin/python3 -O\n${pythonScript}print(__debug__)\n` },
        says: '30 &lt;\nFalse\n',
      },
      {
        what: 'its language',
        files: { 'page.py': "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nby a shell\\n'\n" },
        says: 'by a shell\n',
      },
    ],
  },
  {
    name: 'perl',
    interpreter: '/usr/bin/perl',
    script: 'page.pl',
    edits: [
      {
        what: 'nothing yet',
        files: { 'page.pl': `#!/usr/bin/perl\n${perlScript}`, 'Shop.pm': 'package Shop;\nsub price { 1 }\n1;\n' },
        says: '1 a       \n',
      },
      {
        what: 'a module of the site',
        files: { 'Shop.pm': 'package Shop;\nsub price { 2000 }\n1;\n' },
        says: '2000 a       \n',
      },
      {
        what: 'a new module with the name of a standard one',
        files: { 'Text/Tabs.pm': ownTabs },
        says: '2000 own\n',
      },
      { what: 'its removal', files: { 'Text/Tabs.pm': null }, says: '2000 a       \n' },
      {
        what: 'the script',
        files: { 'page.pl': `#!/usr/bin/perl\n${perlScript}print "more\\n";\n` },
        says: '2000 a       \nmore\n',
      },
      {
        what: 'its first line',
        files: { 'page.pl': `#!/usr/bin/perl -l\n${perlScript}print "ends by itself";\n` },
        says: '\n2000 a       \n\nends by itself\n',
      },
    ],
  },
]

const modes: readonly Warmth[] = ['off', 'on']
for (const { name, interpreter, script, edits } of languages) {
  test(`edits: ${name}: what is edited counts for the next request`, { skip: missing(interpreter) }, async () => {
    for (const mode of modes) {
      using site = temporarySite()
      await using gateway = createGateway({ routes: [{ path: '/', to: cgi(site.root, warmth(mode)) }] })
      for (const { what, files, says } of edits) {
        for (const [path, content] of Object.entries(files)) {
          if (content === null) rmSync(join(site.root, path))
          else site.add(path, content)
        }
        for (const time of ['at once', 'again']) {
          const answer = await gateway.fetch(new Request(`http://www.example.org/${script}`))
          assert.equal(await answer.text(), says, `${mode}: ${what}: ${time}`)
        }
      }
    }
  })
}
