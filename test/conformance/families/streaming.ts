// Bytes go on as they come, in both directions, and no further than somebody takes them.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { byteStringOf } from '../../../src/bytes/byte-string.ts'
import type { Family } from '../case.ts'
import { bodyFirst, endsWithProgram, writtenInParts } from '../left-out.ts'
import { plain } from '../scripts.ts'

export const streaming: Family = {
  name: 'streaming',
  options: { killGrace: '300ms' },
  cases: [
    {
      title: 'Postern: what a script writes reaches the client before the script ends',
      core: true,
      script: plain('echo first', 'while [ ! -e "$DOCUMENT_ROOT/go" ]; do sleep 0.01; done', 'echo second'),
      story: async ({ open, site }) => {
        const answer = await open()
        let text = ''
        for await (const chunk of answer.body) {
          text += byteStringOf(chunk)
          if (text === 'first\n') site.add('go', '')
        }
        assert.equal(text, 'first\nsecond\n')
      },
    },
    {
      title: 'Postern: the head reaches the client before the first byte of the body',
      script: plain('while [ ! -e "$DOCUMENT_ROOT/go-on" ]; do sleep 0.01; done', 'echo body'),
      story: async ({ open, site }) => {
        const answer = await open()
        assert.equal(answer.status, 200)
        site.add('go-on', '')
        let text = ''
        for await (const chunk of answer.body) text += byteStringOf(chunk)
        assert.equal(text, 'body\n')
      },
    },
    {
      title: 'RFC 9110 5.5: a head that goes out alone keeps the bytes of its values',
      script: plain('sleep 0.1', 'echo body').replace('text/plain', 'text/plain\\nX-Name: Ren\\351e'),
      expected: { status: 200, body: 'body\n', fields: { 'x-name': 'Ren\xe9e' } },
    },
    {
      title: 'Postern: server-sent events arrive one by one',
      core: true,
      script: plain(
        'for i in 1 2 3 4; do',
        'printf "data: $i\\n\\n"',
        'while [ ! -e "$DOCUMENT_ROOT/seen-$i" ]; do sleep 0.01; done',
        'done',
      ).replace('text/plain', 'text/event-stream'),
      story: async ({ open, site }) => {
        const answer = await open()
        const chunks: string[] = []
        for await (const chunk of answer.body) {
          chunks.push(byteStringOf(chunk))
          site.add(`seen-${chunks.length}`, '')
        }
        assert.deepEqual(
          chunks,
          [1, 2, 3, 4].map((i) => `data: ${i}\n\n`),
        )
      },
    },
    {
      title: 'Postern: an answer of many megabytes passes whole',
      core: true,
      script: plain('head -c 16000000 /dev/zero'),
      story: async ({ open }) => {
        let bytes = 0
        for await (const chunk of (await open()).body) bytes += chunk.length
        assert.equal(bytes, 16_000_000)
      },
    },
    {
      title: 'RFC 9112 6.3: an answer is over with its announced length, its client may go, and its script works on',
      core: true,
      not: endsWithProgram,
      script: plain(
        'printf whole',
        'while [ ! -e "$DOCUMENT_ROOT/work-on" ]; do sleep 0.01; done',
        'touch "$DOCUMENT_ROOT/has-worked"',
      ).replace('text/plain', 'text/plain\\nContent-Length: 5'),
      story: async ({ open, site, events, until }) => {
        const answer = await open()
        let text = ''
        for await (const chunk of answer.body) text += byteStringOf(chunk)
        assert.equal(text, 'whole')
        answer.leave()
        site.add('work-on', '')
        await until('the end of its work', () => (existsSync(join(site.root, 'has-worked')) ? true : undefined))
        const ended = await until('the end of the request', () => events.find(({ type }) => type === 'request-ended'))
        assert.equal(ended.type === 'request-ended' && ended.clientGone, false)
        assert.deepEqual(
          events.filter(({ type }) => type === 'script-failed'),
          [],
        )
      },
    },
    {
      title: 'Postern: a client that does not read holds the script back',
      script: plain('i=0', 'while [ $i -lt 400 ]; do head -c 100000 /dev/zero; echo $i >&2; i=$((i+1)); done'),
      story: async ({ open, events }) => {
        const answer = await open()
        const written = (): number => events.filter(({ type }) => type === 'diagnostic-line').length
        let before = -1
        for (let look = 0; look < 40 && before !== written(); look++) {
          before = written()
          await sleep(100)
        }
        assert.ok(written() < 300, `${written()} of 400 parts were written for a client that reads nothing`)
        answer.leave()
      },
    },
    {
      title: 'Postern: a script answers while its request is still coming',
      not: [writtenInParts, bodyFirst],
      script: plain('head -c 70000 | wc -c', 'echo "then $(wc -c)"'),
      story: async ({ url, script, until }) => {
        const { connect } = await import('node:net')
        const { hostname, port } = new URL(url)
        const socket = connect({ host: hostname, port: Number(port) })
        let raw = ''
        socket.on('data', (chunk) => {
          raw += String(chunk)
        })
        socket.write(
          `POST ${script} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 80000\r\n\r\n${'x'.repeat(70_000)}`,
        )
        await until('the first line of the answer', () => (/70000\n/.test(raw) ? true : undefined))
        socket.write('x'.repeat(10_000))
        await until('the second line', () => (/then 10000\n/.test(raw) ? true : undefined))
        socket.destroy()
      },
    },
  ],
}
