// Field notes 1.8 and 3.7: what a script inherits from the server, and what one script leaves to the next: nothing.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporarySite } from '../support/temporary-site.ts'
import { typed, visit, watch } from './support.ts'

const site = temporarySite({
  'cgi-bin/descriptors': `#!/bin/sh\n${typed}for fd in /proc/self/fd/*; do :; done\nexec ls -l /proc/self/fd\n`,
  'cgi-bin/state': `#!/bin/sh\n${typed}umask\ngrep -E '^Sig(Blk|Ign):' /proc/self/status\ncut -d' ' -f5 /proc/self/stat\necho $$\npwd\ncat\n`,
  'cgi-bin/leaves': `#!/bin/sh\n${typed}export LEFT=over\ncd /\numask 0\necho left\n`,
})
process.on('exit', () => site[Symbol.dispose]())

const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

/** Numbers of the descriptors in a listing of /proc/self/fd; `ls` itself holds one more, of that folder. */
function descriptors(listing: string): readonly string[] {
  const lines = listing.split('\n').flatMap((line) => {
    const match = / (\d+) -> (.*)$/.exec(line)
    return match === null ? [] : [{ fd: match[1] ?? '', to: match[2] ?? '' }]
  })
  return lines.filter(({ to }) => !/^\/proc\/\d+\/fd$/.test(to)).map(({ fd }) => fd)
}

for (const native of ['on', 'off']) {
  test(`a script has descriptors 0, 1 and 2 alone, even where the server was started with more (native ${native})`, async () => {
    const line = `exec "$0" "$1" serve "$2" --port 0 --prod 3</etc/passwd 9</etc/hosts 5</etc/group`
    const child = spawn('/bin/sh', ['-c', line, process.execPath, command, site.root], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, POSTERN_NATIVE: native },
    })
    try {
      const url = await new Promise<string>((resolve) => {
        createInterface({ input: child.stdout }).on('line', (text) => {
          const found = /^listening on (\S+)$/.exec(text)?.[1]
          if (found !== undefined) resolve(found)
        })
      })
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, at) =>
          visit(url, '/cgi-bin/descriptors', at % 2 === 0 ? {} : { method: 'POST', body: 'x'.repeat(100_000) }),
        ),
      )
      for (const { status, rest } of answers) {
        assert.equal(status, 200)
        // The fallback leaves to libuv what the server inherited, and libuv does not look far beyond 15.
        const looked = descriptors(rest).filter((fd) => native === 'on' || Number(fd) < 16)
        assert.deepEqual(looked, ['0', '1', '2'], rest)
        assert.doesNotMatch(rest, /etc\/(passwd|hosts|group)/)
      }
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
}

test('CVE-2026-24894: nothing of one request is left to the next: variables, folder, umask, input', async () => {
  await using server = await watch(site.root)
  await visit(server.url, '/cgi-bin/leaves', { method: 'POST', body: 'S3CRET' })
  const { rest } = await visit(server.url, '/cgi-bin/state')
  const [umask, blocked, ignored, group, pid, folder, ...input] = rest.split('\n')
  assert.equal(umask, `0${process.umask().toString(8).padStart(3, '0')}`)
  assert.equal(folder, `${site.root}/cgi-bin`)
  assert.deepEqual(input, [''])
  assert.match(blocked ?? '', /^SigBlk:\s*0+$/)
  // Signals 32 and 33 are the C library's own.
  assert.equal(BigInt(`0x${ignored?.split('\t')[1] ?? ''}`) & 0x7fffffffn, 0n, ignored)
  assert.equal(group, pid, 'its own process group')
})

test('CVE-2026-24894: many requests at once get their own input and variables, and no other', async () => {
  site.add('cgi-bin/own', `#!/bin/sh\nbody=$(cat)\n${typed}echo "$QUERY_STRING $HTTP_X_NUMBER $body"\n`)
  await using server = await watch(site.root)
  const numbers = Array.from({ length: 120 }, (_, at) => String(at))
  const answers = await Promise.all(
    numbers.map((at) =>
      visit(server.url, `/cgi-bin/own?${at}`, {
        method: 'POST',
        body: at.repeat(3),
        fields: [`X-Number: ${at}`],
        ms: 20_000,
      }),
    ),
  )
  assert.deepEqual(
    answers.map(({ rest }) => rest),
    numbers.map((at) => `${at} ${at} ${at.repeat(3)}\n`),
  )
})
