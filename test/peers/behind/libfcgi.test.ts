// Postern in front of a C program with libfcgi, compiled here: processes that each take one connection, and one process
// with threads.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fastcgi } from '../../../src/index.ts'
import { missing } from '../../support/real-parts.ts'
import type { TemporarySite } from '../../support/temporary-site.ts'
import { startBehind, type Application } from '../pairs/application.ts'
import type { Manner } from '../pairs/pair.ts'
import { playPairs } from '../pairs/play.ts'
import { programPath } from '../pairs/programs.ts'

const skip = missing('gcc') || missingHeader()
const manner: Manner = { encodedSlash: 'decoded', not: { tls: 'Postern’s own listener has none here' } }

for (const [kind, words, keepConnections] of [
  ['processes', ['3', '1', '0'], 'on'],
  ['processes, a connection for each request', ['3', '1', '0'], 'off'],
  ['threads', ['1', '4', '0'], 'on'],
  ['threads that accept in turns, a connection for each request', ['1', '4', '1'], 'off'],
] as const) {
  playPairs({
    name: 'in front of libfcgi',
    skip,
    manners: { [kind]: manner },
    start: () =>
      startBehind(
        (site) => compiled(site, words),
        (site) => ({ [kind]: { script: '/app', to: fastcgi(`unix:${socketOf(site)}`, { keepConnections }) } }),
      ),
  })
}

function compiled(site: TemporarySite, words: readonly string[]): Application {
  const command = join(site.root, 'actions')
  execFileSync('gcc', ['-O2', '-o', command, programPath('actions.c'), '-lfcgi', '-lpthread'])
  return { command, args: [socketOf(site), ...words], socket: socketOf(site) }
}

function socketOf(site: TemporarySite): string {
  return join(site.root, 'app.sock')
}

function missingHeader(): string | false {
  try {
    execFileSync('gcc', ['-fsyntax-only', '-include', 'fcgiapp.h', '-x', 'c', '/dev/null'], { stdio: 'ignore' })
    return false
  } catch {
    return missing('/usr/include/fcgiapp.h')
  }
}
