// The commands that a mend names are tried: afterwards the rule has nothing more to say.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { byteStringOfText } from '../../../src/bytes/byte-string.ts'
import { examine } from '../../../src/gateway/diagnosis/diagnose.ts'
import { inspectScript } from '../../../src/gateway/diagnosis/inspect-script.ts'
import { missing } from '../../support/real-parts.ts'
import { temporarySite } from '../../support/temporary-site.ts'

interface Broken {
  readonly rule: string
  readonly content: string | Uint8Array
  readonly mode?: number
  /** How the mended file begins. */
  readonly mended: string
}

const cases: readonly Broken[] = [
  { rule: 'not-executable', content: '#!/bin/sh\n', mode: 0o644, mended: '#!/bin/sh\n' },
  { rule: 'crlf-shebang', content: '#!/bin/sh\r\necho\r\n', mended: '#!/bin/sh\necho\n' },
  { rule: 'byte-order-mark', content: '\ufeff#!/bin/sh\necho\n', mended: '#!/bin/sh\necho\n' },
  { rule: 'utf-16-file', content: Buffer.from('\ufeff#!/bin/sh\necho\n', 'utf16le'), mended: '#!/bin/sh\necho\n' },
  { rule: 'shebang-not-first', content: '\n \n  #!/bin/sh\n\necho\n', mended: '#!/bin/sh\n\necho\n' },
  { rule: 'no-shebang', content: 'echo hello\n', mended: '#!/bin/sh\necho hello\n' },
  { rule: 'interpreter-missing', content: '#!/opt/gone/sh\necho\n', mended: '#!/' },
  { rule: 'interpreter-relative', content: '#!sh\necho\n', mended: '#!/usr/bin/env sh\necho\n' },
  { rule: 'env-program-missing', content: '#!/usr/bin/env zsh9\necho\n', mended: '#!/' },
  { rule: 'env-several-arguments', content: '#!/usr/bin/env sh -e\n', mended: '#!/usr/bin/env -S sh -e\n' },
  { rule: 'shebang-several-arguments', content: '#!/bin/sh -e -u\n', mended: '#!/usr/bin/env -S /bin/sh -e -u\n' },
]

const reason = process.platform === 'linux' ? missing('bash', 'sed', 'iconv') : 'the commands are those of Linux'

for (const { rule, content, mode, mended } of cases) {
  test(`${rule}: its mend mends it`, { skip: reason }, () => {
    using site = temporarySite()
    const name = site.add("it's a script.cgi", content, mode ?? 0o755)
    const path = byteStringOfText(name)
    const found = examine(inspectScript(path)).problems.find((problem) => problem.rule === rule)
    const command = /`((?:sed|chmod|iconv) [^`]*)`/.exec(found?.mend ?? '')?.[1]
    assert.ok(command, found?.mend ?? 'not found')
    execFileSync('bash', ['-c', command])
    assert.deepEqual(examine(inspectScript(path)).problems, [])
    assert.equal(readFileSync(name, 'latin1').slice(0, mended.length), mended)
  })
}
