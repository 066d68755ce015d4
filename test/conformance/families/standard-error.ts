// RFC 3875 leaves standard error open; users expect it in the log, line by line, and nowhere else.

import assert from 'node:assert/strict'
import type { Family, Stage } from '../case.ts'
import { gathered } from '../left-out.ts'
import { plain } from '../scripts.ts'

const lines = ({ events }: Stage): readonly string[] =>
  events.flatMap((event) => (event.type === 'diagnostic-line' ? [event.line] : []))

export const standardError: Family = {
  name: 'standard error',
  cases: [
    {
      title: 'Postern: each line of standard error is told with the id of its exchange and the script',
      script: plain('echo one >&2', 'echo two >&2', 'echo "$UNIQUE_ID"'),
      story: async (stage) => {
        const { body } = await stage.send()
        await stage.until('two lines', () => (lines(stage).length === 2 ? true : undefined))
        assert.deepEqual(lines(stage), ['one', 'two'])
        for (const event of stage.events) {
          if (event.type !== 'diagnostic-line') continue
          assert.equal(event.id, body.trim())
          assert.ok(event.script.endsWith(stage.script))
        }
      },
    },
    {
      title: 'Postern: standard error before the head does no harm to the answer',
      script: '#!/bin/sh\necho warning: something >&2\nprintf "Content-Type: text/plain\\n\\nfine\\n"\n',
      expected: { status: 200, body: 'fine\n' },
    },
    {
      title: 'Postern: a last line of standard error without an end is told too',
      core: true,
      script: plain('printf unfinished >&2'),
      story: async (stage) => {
        await stage.send()
        await stage.until('the line', () => (lines(stage)[0] === 'unfinished' ? true : undefined))
      },
    },
    {
      title: 'Postern: a megabyte on standard error blocks nobody',
      core: true,
      script: plain('yes "$(printf %099d 0)" | head -c 1000000 >&2', 'echo done'),
      expected: { status: 200, body: 'done\n' },
    },
    {
      title: 'Postern: a failure does not show standard error to the client',
      script: '#!/bin/sh\necho "password: hunter2" >&2\nexit 1\n',
      expected: {
        status: 502,
        check: ({ body }) => assert.doesNotMatch(body, /hunter2/),
      },
    },
    {
      title: 'Postern: how a program ended is told, with its exit code',
      script: plain('exit 7'),
      story: async (stage) => {
        await stage.send()
        const ended = await stage.until('the ending', () => stage.events.find(({ type }) => type === 'program-ended'))
        assert.ok(ended.type === 'program-ended')
        assert.deepEqual([ended.ending.exitCode, ended.ending.signal], [7, null])
      },
    },
    {
      title: 'Postern: how a program ended is told, with the signal that killed it',
      not: gathered,
      script: plain('echo half', 'sleep 0.05', 'kill -SEGV $$'),
      story: async (stage) => {
        assert.equal((await stage.send()).broken, true)
        const ended = await stage.until('the ending', () => stage.events.find(({ type }) => type === 'program-ended'))
        assert.ok(ended.type === 'program-ended')
        assert.deepEqual([ended.ending.exitCode, ended.ending.signal], [null, 'SIGSEGV'])
      },
    },
  ],
}
