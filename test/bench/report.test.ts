// What the benchmark's reader sees of how it was measured, and of figures that are not known.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mebibyte, type Rate } from '../../bench/case.ts'
import { cases } from '../../bench/cases.ts'
import { readOptions } from '../../bench/options.ts'
import { toMarkdown } from '../../bench/report.ts'
import { plannedSeconds, workOf, type CaseResult, type PeerResult, type Plan } from '../../bench/rounds.ts'
import type { Figure } from '../../bench/statistics.ts'

function planOf(...args: readonly string[]): Plan {
  const options = readOptions(args)
  assert.ok(options.kind === 'serve')
  return options.plan
}

function figure(median: number): Figure {
  return { median, spread: 0.1 }
}

function measured(cpuUs: number | undefined): PeerResult {
  const figures = { rate: figure(1000), p50Us: figure(2000), p99Us: figure(3000), soloP50Us: figure(500) }
  return { kind: 'measured', figures: { ...figures, cpuUs: cpuUs === undefined ? undefined : figure(cpuUs) } }
}

function reportOf(rate: Rate, peers: CaseResult['peers'], plan: Plan = planOf()): string {
  const one = { name: 'hello', title: 'hello', connections: 8, rate, peers }
  const names = Object.keys(peers).map((name) => ({ name, version: '1' }))
  return toMarkdown({
    command: 'npm run bench',
    machine: { date: '', node: '', kernel: '', processor: '', cores: 2, memoryGib: 4, loadBefore: 0 },
    plan,
    groups: [{ title: 'Group', peers: names, skipped: [], cases: [one] }],
  })
}

/** The row of the table below this title. */
function rowOf(report: string, title: string): readonly string[] {
  const row = report.split(`### ${title}\n\n`)[1]?.split('\n')[2] ?? ''
  return row
    .split('|')
    .map((cell) => cell.trim())
    .slice(1, -1)
}

test('bench: --warm-up is read, 3 s without it, and refused where it is no whole number from 1', () => {
  assert.equal(planOf().warmUpSeconds, 3)
  assert.equal(planOf('--warm-up', '20').warmUpSeconds, 20)
  for (const value of ['0', '-1', '1.5', 'x', '']) {
    assert.throws(() => readOptions([`--warm-up=${value}`]), { name: 'TypeError', message: /^--warm-up takes/ })
  }
})

test('bench: the warm-up of every server and case is in the time that is foretold, and in the report', () => {
  const [subject] = cases
  assert.ok(subject !== undefined)
  const seconds = ['3', '20'].map((value) => plannedSeconds(subject, 4, planOf('--warm-up', value)))
  assert.equal((seconds[1] ?? 0) - (seconds[0] ?? 0), 4 * 17)
  assert.match(reportOf({ kind: 'requests' }, {}, planOf('--warm-up', '20')), /^- warm-up: 20 s of load, the same for/m)
})

test('bench: processor time stands in a table of its own, beside that of the cheapest other server', () => {
  const report = reportOf({ kind: 'requests' }, { apache: measured(400), nginx: measured(80), postern: measured(200) })
  const row = rowOf(report, 'CPU in µs per request, 8 connections')
  assert.deepEqual(row, ['hello', '400 (10 %)', '80.0 (10 %)', '200 (10 %)', '2.50 (nginx)'])
})

test('bench: processor time that is not known is no figure, and nobody is compared with it', () => {
  const report = reportOf(
    { kind: 'download' },
    { apache: measured(undefined), nginx: measured(80), postern: measured(200) },
  )
  const row = rowOf(report, 'CPU in µs per MiB, 8 connections')
  assert.deepEqual(row, ['hello', 'not known', '80.0 (10 %)', '200 (10 %)', '2.50 (nginx)'])
  const own = reportOf({ kind: 'requests' }, { nginx: measured(80), postern: measured(undefined) })
  assert.deepEqual(rowOf(own, 'CPU in µs per request, 8 connections'), ['hello', '80.0 (10 %)', 'not known', '-'])
})

test('bench: processor time is shared out over requests, and over MiB where bodies are measured', () => {
  const run = { requests: 30, bytes: 6 * mebibyte }
  assert.equal(workOf({ kind: 'requests' }, run), 30)
  assert.equal(workOf({ kind: 'share', limit: 800 }, run), 30)
  assert.equal(workOf({ kind: 'download' }, run), 6)
  assert.equal(workOf({ kind: 'upload', mebibytes: 64 }, run), 1920)
})
