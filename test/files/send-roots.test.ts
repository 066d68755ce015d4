// Which files scripts may have sent: by the real path, below the folders that settings name.

import assert from 'node:assert/strict'
import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOf } from '../../src/bytes/byte-string.ts'
import { SendRoots, type Sendable } from '../../src/files/send-roots.ts'
import { byteStrings, runs } from '../protocol/arbitraries.ts'
import { temporarySite } from '../support/temporary-site.ts'

function outcome(sendable: Sendable): string {
  return sendable.kind === 'refused' ? sendable.fault : sendable.kind
}

test('Postern: whatever a script names, nothing outside the roots is sent', () => {
  using site = temporarySite({ 'in/a': 'x', 'in/b/c': 'x', 'out/d': 'x', 'in-too/e': 'x' })
  symlinkSync(join(site.root, 'out'), join(site.root, 'in/link'))
  const root = join(site.root, 'in')
  const roots = new SendRoots({ roots: [root], locations: { '/p/': root } })
  const parts = fc.constantFrom('/', '..', '.', '%2e', '%2F', 'a', 'b', 'c', 'd', 'in', 'out', 'link', '%00', 'p', '?')
  const names = fc.oneof(
    fc.array(parts, { maxLength: 8 }).map((some) => some.join('')),
    byteStrings(12),
  )
  fc.assert(
    fc.property(names, (name) => {
      for (const found of [
        roots.byPath(name),
        roots.byPath(`${root}/${name}`),
        roots.byPath(`${site.root}/${name}`),
        roots.byLocation(name),
        roots.byLocation(`/p/${name}`),
      ]) {
        if (found.kind === 'file') assert.ok(found.realPath.startsWith(`${root}/`), found.realPath)
      }
    }),
    runs,
  )
})

test('Postern: a root may be named by a link, and a file below it by either name', () => {
  using site = temporarySite({ 'real/a': 'x' })
  symlinkSync(join(site.root, 'real'), join(site.root, 'named'))
  const roots = new SendRoots({ roots: [join(site.root, 'named')], locations: {} })
  assert.equal(outcome(roots.byPath(join(site.root, 'named/a'))), 'file')
  assert.equal(outcome(roots.byPath(join(site.root, 'real/a'))), 'file')
  assert.equal(outcome(roots.byPath(join(site.root, 'named/b'))), 'missing')
  assert.equal(outcome(roots.byPath(join(site.root, 'real/b'))), 'missing')
})

test('Postern: a root that is no folder is a TypeError that names it', () => {
  using site = temporarySite({ file: 'x' })
  assert.throws(() => new SendRoots({ roots: [join(site.root, 'none')], locations: {} }), /TypeError.*none|none/)
  assert.throws(() => new SendRoots({ roots: [join(site.root, 'file')], locations: {} }), TypeError)
  assert.throws(() => new SendRoots({ roots: [], locations: { '/a/': join(site.root, 'none') } }), TypeError)
})

test('Postern: names of bytes that are no UTF-8 are found, encoded or not', () => {
  using site = temporarySite({})
  const roots = new SendRoots({ roots: [site.root], locations: { '/p/': site.root } })
  site.add('caf\u00e9', 'x')
  const utf8 = bytesOf('caf\xc3\xa9').toString('latin1')
  assert.equal(outcome(roots.byPath(`${site.root}/${utf8}`)), 'file')
  assert.equal(outcome(roots.byLocation('/p/caf%C3%A9')), 'file')
  assert.equal(outcome(roots.byLocation('/p/caf%E9')), 'missing')
})

test(
  'Postern: a folder that the server may not enter is told apart from a file that is not there',
  { skip: process.getuid?.() === 0 && 'root may do everything' },
  () => {
    using site = temporarySite({ 'closed/a': 'x' })
    chmodSync(join(site.root, 'closed'), 0)
    const roots = new SendRoots({ roots: [site.root], locations: {} })
    assert.equal(outcome(roots.byPath(join(site.root, 'closed/a'))), 'unreadable')
  },
)
