// Real launchers, and what is between them and the server (launchers/README.md).

import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { byteStringOfText } from '../../../src/bytes/byte-string.ts'
import { encodeWorkerRequest } from '../../../src/protocol/launcher/worker-request.ts'
import { loadNative, type Native } from '../../../src/transport/native.ts'
import { NativeSpawner } from '../../../src/transport/spawn-native.ts'
import type { Language } from '../../../src/transport/warm/interpreters.ts'
import { Launcher } from '../../../src/transport/warm/launcher.ts'
import type { Worker } from '../../../src/transport/warm/workers.ts'
import { missing } from '../../support/real-parts.ts'
import { eventually } from '../../support/server-process.ts'
import { temporarySite } from '../../support/temporary-site.ts'

const loaded = loadNative()
const skip = 'reason' in loaded ? `koffi: ${loaded.reason}` : missing('/usr/bin/python3', '/usr/bin/perl')

const scripts = {
  python: '#!/usr/bin/python3\nimport os\nprint("said by", os.getppid())\n',
  perl: '#!/usr/bin/perl\nprint "said by ", getppid, "\\n";\n',
} as const
const languages = ['python', 'perl'] as const
const environment = ['PATH=/usr/bin:/bin', 'LANG=C.UTF-8']

class Stage implements AsyncDisposable {
  readonly native: Native
  readonly site = temporarySite({ python: scripts.python, perl: scripts.perl })
  readonly launcher: Launcher
  readonly said: string[] = []
  idle = 0
  readonly unforked: string[] = []
  isReady = false

  constructor(language: Language, change: Partial<Native> = {}) {
    assert.ok('native' in loaded)
    this.native = loaded.native
    this.launcher = new Launcher(
      {
        native: { ...loaded.native, ...change },
        spawner: new NativeSpawner(loaded.native),
        interpreter: { language, command: [language === 'python' ? '/usr/bin/python3' : '/usr/bin/perl'] },
        environment,
        modules: [],
        preload: [],
      },
      {
        report: ({ kind }) => {
          this.isReady ||= kind === 'ready'
        },
        idle: () => this.idle++,
        unforked: (code) => this.unforked.push(code),
        idleDied: () => this.said.push('a worker died'),
        complaint: (line) => this.said.push(line),
        gone: ({ cause }) => this.said.push(cause),
      },
    )
  }

  async fork(count: number): Promise<void> {
    if (!this.isReady) this.launcher.start()
    assert.ok(await eventually(() => this.isReady, 10_000), this.said.join())
    const before = this.idle + this.unforked.length
    this.launcher.fork(count)
    assert.ok(await eventually(() => this.idle + this.unforked.length === before + count, 5000), this.said.join())
  }

  give(name: Language): { readonly worker: Worker; readonly stdout: number } {
    const stdout = this.native.pipe()
    const none = openSync('/dev/null', 'r+')
    const path = byteStringOfText(`${this.site.root}/${name}`)
    const message = encodeWorkerRequest({ path, cwd: '/', words: [], environment })
    const worker = this.launcher.give(message, [none, stdout.writeEnd, none])
    assert.ok(worker !== undefined)
    for (const fd of [none, stdout.writeEnd]) closeSync(fd)
    return { worker, stdout: stdout.readEnd }
  }

  /** All of it; waits for the end. */
  read(fd: number): string {
    return this.readNow(fd)[0]
  }

  /** What there is, and what the last read said: 0 at the end, -1 where more may come. */
  readNow(fd: number): readonly [text: string, last: number] {
    const into = Buffer.alloc(4096)
    let text = ''
    let length = this.native.read(fd, into)
    for (; length > 0; length = this.native.read(fd, into)) text += into.toString('latin1', 0, length)
    closeSync(fd)
    return [text, length]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.launcher.end()
    this.site[Symbol.dispose]()
  }
}

for (const language of languages) {
  test(`launcher, ${language}: of forks without a descriptor each one fails, and is told`, { skip }, async () => {
    assert.ok('native' in loaded)
    const { native } = loaded
    const one: Native['sendWithDescriptors'] = (socket, bytes, fds) =>
      native.sendWithDescriptors(socket, bytes, fds.slice(0, 1))
    await using stage = new Stage(language, { sendWithDescriptors: one })
    await stage.fork(3)
    assert.deepEqual([stage.idle, stage.unforked.length, stage.launcher.forking], [1, 2, 0])
  })

  test(`launcher, ${language}: where no FIFO can be made, workers are the same`, { skip }, async () => {
    await using stage = new Stage(language, { makeFifo: () => false })
    await stage.fork(2)
    for (let request = 0; request < 2; request++) {
      const { worker, stdout } = stage.give(language)
      assert.match(stage.read(stdout), /^said by \d+\n$/)
      assert.equal((await worker.ending).exitCode, 0)
    }
    assert.deepEqual(stage.said, [])
  })
}

test('launcher, python: a worker says that it leaves, with its output written and closed', { skip }, async () => {
  await using stage = new Stage('python')
  await stage.fork(2)
  const first = stage.give('python')
  const launcher = Number(/\d+/.exec(stage.read(first.stdout))?.[0])
  await first.worker.ending
  process.kill(launcher, 'SIGSTOP')
  try {
    const { worker, stdout } = stage.give('python')
    assert.equal(await Promise.race([worker.leaving.then(() => 'left'), sleep(5000, 'silent')]), 'left')
    // Not so much as a read that waits: what there is, and then the end.
    stage.native.doNotBlock(stdout)
    const [text, last] = stage.readNow(stdout)
    assert.deepEqual([text, last], [`said by ${launcher}\n`, 0])
    assert.equal(
      await Promise.race([worker.ending.then(() => 'ended'), sleep(100, 'nobody has told')]),
      'nobody has told',
    )
    process.kill(launcher, 'SIGCONT')
    assert.equal((await worker.ending).exitCode, 0)
  } finally {
    process.kill(launcher, 'SIGCONT')
  }
})
