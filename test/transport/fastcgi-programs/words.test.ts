import { test } from 'node:test'
import assert from 'node:assert/strict'
import { IdleWords } from '../../../src/transport/fastcgi-programs/words.ts'

test('words: lines cut anywhere are told whole, and empty ones not', () => {
  const text = 'one\n\ntwo\nthree'
  for (let cut = 0; cut <= text.length; cut++) {
    const lines: string[] = []
    const words = new IdleWords((line) => lines.push(line))
    words.push(Buffer.from(text.slice(0, cut)))
    words.push(Buffer.from(text.slice(cut)))
    words.end()
    assert.deepEqual(lines, ['one', 'two', 'three'])
  }
})

test('words: a program that floods does not fill the log', () => {
  const lines: string[] = []
  const words = new IdleWords((line) => lines.push(line))
  for (let times = 0; times < 1000; times++) words.push(Buffer.from(`${'line\n'.repeat(100)}${'x'.repeat(10_000)}`))
  assert.ok(lines.length <= 200, `${lines.length}`)
  assert.ok(lines.every((line) => line.length <= 8 * 1024))
})

test('words: what was left out is told, and a last line without an end', () => {
  const lines: string[] = []
  const words = new IdleWords((line) => lines.push(line), 3)
  words.push(Buffer.from('1\n2\n3\n4\n5'))
  words.end()
  assert.deepEqual(lines, ['1', '2', '3', '[2 lines came too fast to be logged]'])
})
