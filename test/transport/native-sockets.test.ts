// Socket pairs and the passing of descriptors, which Node has no call for.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadNative, type Native } from '../../src/transport/native.ts'
import { missing } from '../support/real-parts.ts'

const loaded = loadNative()
const skip = 'reason' in loaded ? loaded.reason : missing('python3')

function native(): Native {
  assert.ok('native' in loaded)
  return loaded.native
}

function bytes(length: number): Buffer {
  return Buffer.allocUnsafeSlow(length).fill('x')
}

test('sockets: what is sent into one end comes out of the other', { skip }, async () => {
  const { ours, theirs } = native().socketPair()
  assert.equal(native().sendWithDescriptors(ours, Buffer.concat([bytes(5)]), []), 5)
  const end = new Socket({ fd: theirs })
  const [chunk]: Buffer[] = await once(end, 'data')
  assert.equal(String(chunk), 'xxxxx')
  closeSync(ours)
  end.destroy()
})

test('sockets: descriptors come with the first byte, and are usable there', { skip, timeout: 10_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-test-'))
  const files = ['a', 'b', 'c'].map((name) => openSync(join(folder, name), 'w'))
  const { ours, theirs } = native().socketPair()
  const program = `
import array, os, socket
data, ancillary, flags, _ = socket.socket(fileno=3).recvmsg(100, 1000)
descriptors = array.array('i', ancillary[0][2])
for number, descriptor in enumerate(descriptors):
    os.write(descriptor, b'%d of %d: %s' % (number, len(descriptors), data))
`
  const reader = spawn('python3', ['-c', program], { stdio: ['ignore', 'inherit', 'inherit', theirs] })
  closeSync(theirs)
  const message = bytes(4)
  assert.equal(native().sendWithDescriptors(ours, message, files), 4)
  for (const file of files) closeSync(file)
  await once(reader, 'exit')
  const seen = ['a', 'b', 'c'].map((name) => readFileSync(join(folder, name), 'utf8'))
  assert.deepEqual(seen, ['0 of 3: xxxx', '1 of 3: xxxx', '2 of 3: xxxx'])
  closeSync(ours)
  rmSync(folder, { recursive: true })
})

test('sockets: nobody at the other end, or no room there, is -1 and no signal; a part may be taken', { skip }, () => {
  const { ours, theirs } = native().socketPair()
  let sent = 0
  for (let taken = 1; taken > 0; sent += Math.max(taken, 0)) {
    taken = native().sendWithDescriptors(ours, bytes(100_000), [])
  }
  assert.ok(sent >= 100_000 && sent < 10_000_000, `${sent} bytes`)
  const room = Buffer.alloc(1_000_000)
  assert.ok(readSync(theirs, room) > 0)
  closeSync(theirs)
  assert.equal(native().sendWithDescriptors(ours, bytes(1), [ours]), -1)
  closeSync(ours)
})

test('sockets: both ends are closed in programs that are started', { skip }, () => {
  const { ours, theirs } = native().socketPair()
  for (const end of [ours, theirs]) {
    assert.match(readFileSync(`/proc/self/fdinfo/${end}`, 'utf8'), /flags:\s+0?2\d{6}/) // O_CLOEXEC is 02000000.
    closeSync(end)
  }
})
