/** The results as Markdown: a table for each figure, a row for each case, a column for each peer, and our place among them. */
import { markdownTable } from './markdown-table.ts'
import type { Machine } from './machine.ts'
import { ownPeer } from './peers/all.ts'
import { connections, soloSeconds, type CaseResult, type PeerFigures, type PeerResult, type Plan } from './rounds.ts'
import type { Skipped, StartedPeer } from './started-peers.ts'

export interface BenchResults {
  readonly command: string
  readonly machine: Machine
  readonly plan: Plan
  readonly peers: readonly StartedPeer[]
  readonly skippedPeers: readonly Skipped[]
  readonly skippedCases: readonly Skipped[]
  readonly cases: readonly CaseResult[]
}

interface Column {
  readonly key: keyof PeerFigures
  readonly title: string
  readonly best: 'largest' | 'smallest'
  readonly format: (value: number) => string
}

const milliseconds = (us: number): string => (us / 1000).toFixed(us < 10_000 ? 3 : 1)

const columns: readonly Column[] = [
  {
    key: 'requestsPerSecond',
    title: `Requests per second, ${connections} connections (more is better)`,
    best: 'largest',
    format: (value) => value.toFixed(value < 100 ? 1 : 0),
  },
  { key: 'p50Us', title: `p50 in ms, ${connections} connections`, best: 'smallest', format: milliseconds },
  { key: 'p99Us', title: `p99 in ms, ${connections} connections`, best: 'smallest', format: milliseconds },
  { key: 'soloP50Us', title: 'p50 in ms, 1 connection', best: 'smallest', format: milliseconds },
]

export function toMarkdown(results: BenchResults): string {
  return [heading(results), ...columns.map((column) => section(column, results)), failures(results)]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function heading({ command, machine, plan, peers, skippedPeers, skippedCases }: BenchResults): string {
  const { date, node, kernel, processor, cores, memoryGib, loadBefore } = machine
  return [
    '# Benchmark',
    '',
    `- ${date}, \`${command}\``,
    `- Node ${node}, ${kernel}, ${cores} cores (${processor}), ${memoryGib} GiB, load before ${loadBefore}`,
    `- ${plan.rounds} rounds of ${plan.seconds} s (${soloSeconds(plan)} s at one connection), peers in turn; wrk shares ` +
      'the cores with the server it loads',
    '- every figure is the median of the rounds, with (largest - smallest) / median in brackets',
    ...peers.map(({ name, version }) => `- ${name}: ${version}`),
    ...[...skippedPeers, ...skippedCases].map(({ name, reason }) => `- skipped ${name}: ${reason}`),
  ].join('\n')
}

function section(column: Column, { peers, cases }: BenchResults): string {
  const header = ['case', ...peers.map(({ name }) => name), `${ownPeer} / best peer`]
  const rows = cases.map((result) => [
    result.title,
    ...peers.map(({ name }) => cell(column, result.peers[name])),
    ratioToBest(column, result),
  ])
  return `## ${column.title}\n\n${markdownTable(header, rows)}`
}

function cell({ key, format }: Column, result: PeerResult | undefined): string {
  if (result === undefined) return '-'
  if (result.kind !== 'measured') return 'failed'
  const { median, spread } = result.figures[key]
  return `${format(median)} (${Math.round(spread * 100)} %)`
}

/** Ours against the best of the others, so 1.00 is level with whichever of them does this case best. */
function ratioToBest({ key, best }: Column, { peers }: CaseResult): string {
  const medians = Object.entries(peers).flatMap(([name, result]) =>
    result.kind === 'measured' ? [{ name, median: result.figures[key].median }] : [],
  )
  const own = medians.find(({ name }) => name === ownPeer)
  const others = medians
    .filter(({ name }) => name !== ownPeer)
    .toSorted((a, b) => (best === 'largest' ? b.median - a.median : a.median - b.median))
  const [first] = others
  return own === undefined || first === undefined ? '-' : `${(own.median / first.median).toFixed(2)} (${first.name})`
}

function failures({ cases }: BenchResults): string {
  const lines = cases.flatMap(({ title, peers }) =>
    Object.entries(peers).flatMap(([name, result]) =>
      result.kind === 'failed' ? [`- ${title}, ${name}: ${result.reason}`] : [],
    ),
  )
  return lines.length === 0 ? '' : ['## Failed under load', '', ...lines].join('\n')
}
