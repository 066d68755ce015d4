/**
 * The results as Markdown: for each group of cases under the same load a table for each figure, with a row for each case,
 * a column for each peer, and our place among them.
 */
import type { Rate } from './case.ts'
import { markdownTable } from './markdown-table.ts'
import type { Machine } from './machine.ts'
import { ownPeer } from './peers/all.ts'
import { soloSeconds, type CaseResult, type PeerFigures, type PeerResult, type Plan } from './rounds.ts'
import type { Skipped } from './started-peers.ts'

export interface BenchResults {
  readonly command: string
  readonly machine: Machine
  readonly plan: Plan
  readonly groups: readonly GroupResult[]
}

export interface GroupResult {
  readonly title: string
  readonly peers: readonly { readonly name: string; readonly version: string }[]
  readonly skipped: readonly Skipped[]
  readonly cases: readonly CaseResult[]
}

interface Column {
  readonly key: keyof PeerFigures
  readonly title: string
  readonly best: 'largest' | 'smallest'
  readonly format: (value: number) => string
}

/** Cases whose figures may stand in one table. */
interface Block {
  readonly cases: readonly CaseResult[]
  readonly columns: readonly Column[]
}

const milliseconds = (us: number): string => (us / 1000).toFixed(us < 10_000 ? 3 : 1)

const rateTitles: Readonly<Record<Rate['kind'], string>> = {
  requests: 'Requests per second',
  share: 'Share of what the application allows',
  download: 'MiB per second',
  upload: 'MiB per second',
}

const rateFormats: Readonly<Record<Rate['kind'], Column['format']>> = {
  requests: (value) => value.toFixed(value < 100 ? 1 : 0),
  share: (value) => value.toFixed(3),
  download: (value) => value.toFixed(0),
  upload: (value) => value.toFixed(0),
}

export function toMarkdown(results: BenchResults): string {
  return [heading(results), ...results.groups.flatMap(groupSections)]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function heading({ command, machine, plan, groups }: BenchResults): string {
  const { date, node, kernel, processor, cores, memoryGib, loadBefore } = machine
  return [
    '# Benchmark',
    '',
    `- ${date}, \`${command}\``,
    `- Node ${node}, ${kernel}, ${cores} cores (${processor}), ${memoryGib} GiB, load before ${loadBefore}`,
    `- ${plan.rounds} rounds of ${plan.seconds} s (${soloSeconds(plan)} s at one connection), peers in turn; wrk shares ` +
      'the cores with the server it loads',
    `- warm-up: ${plan.warmUpSeconds} s of load, the same for every server, before its first run of each case`,
    '- every figure is the median of the rounds, with (largest - smallest) / median in brackets',
    ...distinctLines(groups.flatMap(({ peers }) => peers.map(({ name, version }) => `- ${name}: ${version}`))),
    ...distinctLines(
      groups.flatMap(({ skipped }) => skipped.map(({ name, reason }) => `- skipped ${name}: ${reason}`)),
    ),
  ].join('\n')
}

function groupSections(group: GroupResult): string[] {
  const tables = blocksOf(group).flatMap((block) => block.columns.map((column) => section(column, block, group)))
  return [`## ${group.title}`, ...tables, ratiosToEach(group), failures(group)]
}

function blocksOf({ cases }: GroupResult): Block[] {
  const blocks = new Map<string, CaseResult[]>()
  for (const result of cases) {
    const key = `${rateTitles[result.rate.kind]}, ${result.connections} connections`
    blocks.set(key, [...(blocks.get(key) ?? []), result])
  }
  return [...blocks].flatMap(([title, list]) =>
    list.slice(0, 1).map(({ rate, connections }) => ({
      cases: list,
      columns: columnsOf(title, rate, connections),
    })),
  )
}

function columnsOf(title: string, { kind }: Rate, connections: number): Column[] {
  const rate: Column = { key: 'rate', title: `${title} (more is better)`, best: 'largest', format: rateFormats[kind] }
  const solo: Column = { key: 'soloP50Us', title: 'p50 in ms, 1 connection', best: 'smallest', format: milliseconds }
  const isBulk = kind === 'upload' || kind === 'download'
  const cpu: Column = {
    key: 'cpuUs',
    title: `CPU in µs per ${isBulk ? 'MiB' : 'request'}, ${connections} connections`,
    best: 'smallest',
    format: (us) => us.toFixed(us < 100 ? 1 : 0),
  }
  if (isBulk) return [rate, solo, cpu]
  return [
    rate,
    { key: 'p50Us', title: `p50 in ms, ${connections} connections`, best: 'smallest', format: milliseconds },
    { key: 'p99Us', title: `p99 in ms, ${connections} connections`, best: 'smallest', format: milliseconds },
    solo,
    cpu,
  ]
}

function section(column: Column, block: Block, { peers }: GroupResult): string {
  const header = ['case', ...peers.map(({ name }) => name), `${ownPeer} / best peer`]
  const rows = block.cases.map((result) => [
    result.title,
    ...peers.map(({ name }) => cell(column, result.peers[name])),
    ratioToBest(column, result),
  ])
  return `### ${column.title}\n\n${markdownTable(header, rows)}`
}

function cell({ key, format }: Column, result: PeerResult | undefined): string {
  if (result === undefined) return '-'
  if (result.kind !== 'measured') return 'failed'
  const figure = result.figures[key]
  if (figure === undefined) return 'not known'
  const { median, spread } = figure
  return `${format(median)} (${Math.round(spread * 100)} %)`
}

/** Ours against the best of the others, so 1.00 is level with whichever of them does this case best. */
function ratioToBest({ key, best }: Column, { peers }: CaseResult): string {
  const medians = Object.entries(peers).flatMap(([name, result]) => {
    const figure = result.kind === 'measured' ? result.figures[key] : undefined
    return figure === undefined ? [] : [{ name, median: figure.median }]
  })
  const own = medians.find(({ name }) => name === ownPeer)
  const others = medians
    .filter(({ name }) => name !== ownPeer)
    .toSorted((a, b) => (best === 'largest' ? b.median - a.median : a.median - b.median))
  const [first] = others
  return own === undefined || first === undefined ? '-' : `${(own.median / first.median).toFixed(2)} (${first.name})`
}

/** Ours against each of the others, by how much gets done. */
function ratiosToEach({ peers, cases }: GroupResult): string {
  const others = peers.filter(({ name }) => name !== ownPeer)
  if (others.length === peers.length || others.length === 0) return ''
  const header = ['case', ...others.map(({ name }) => name)]
  const rows = cases.map((result) => [result.title, ...others.map(({ name }) => ratioTo(name, result))])
  return `### What ${ownPeer} gets done, as a multiple of each (more is better)\n\n${markdownTable(header, rows)}`
}

function ratioTo(name: string, { peers }: CaseResult): string {
  const [own, other] = [peers[ownPeer], peers[name]]
  if (own?.kind !== 'measured' || other?.kind !== 'measured') return '-'
  return (own.figures.rate.median / other.figures.rate.median).toFixed(2)
}

function failures({ cases }: GroupResult): string {
  const lines = cases.flatMap(({ title, peers }) =>
    Object.entries(peers).flatMap(([name, result]) =>
      result.kind === 'failed' ? [`- ${title}, ${name}: ${result.reason}`] : [],
    ),
  )
  return lines.length === 0 ? '' : ['### Failed under load', '', ...lines].join('\n')
}

const distinctLines = (lines: readonly string[]): string[] => [...new Set(lines)]
