/** The benchmark of the servers: lineup by lineup it starts them, checks their answers, measures case by case, ends them. */
import type { Case } from './case.ts'
import { missingCommand } from './find-command.ts'
import { groups, type Lineup } from './groups.ts'
import { describeMachine } from './machine.ts'
import type { BenchResults, GroupResult } from './report.ts'
import { measureCase, plannedSeconds, type CaseResult, type Plan } from './rounds.ts'
import { selectNamed } from './select-named.ts'
import { makeSite, type Site } from './site.ts'
import { StartedPeers, type Skipped, type StartedPeer } from './started-peers.ts'
import { verifyAnswer } from './verify-answer.ts'

export interface Comparison {
  readonly plan: Plan
  readonly only: string | undefined
  readonly peers: string | undefined
  readonly command: string
  readonly tell: (line: string) => void
}

type LineupResult = Omit<GroupResult, 'title'>

export async function compareServers(comparison: Comparison, signal: AbortSignal): Promise<BenchResults> {
  const { plan, tell } = comparison
  const missing = missingCommand('wrk')
  if (missing !== undefined) throw new Error(missing)
  const wanted = selectLineups(comparison)
  const machine = describeMachine()
  const seconds = wanted.flatMap(({ lineups }) => lineups.map((lineup) => lineupSeconds(lineup, plan)))
  tell(`about ${Math.ceil(seconds.reduce((sum, one) => sum + one, 0) / 60)} min`)

  await using site = await makeSite()
  const results: GroupResult[] = []
  for (const { title, lineups } of wanted) {
    const parts: LineupResult[] = []
    for (const lineup of lineups) parts.push(await compareLineup(lineup, site, comparison, signal))
    results.push({
      title,
      peers: distinct(parts.flatMap(({ peers }) => peers)),
      skipped: distinct(parts.flatMap(({ skipped }) => skipped)),
      cases: parts.flatMap(({ cases }) => cases),
    })
  }
  if (results.every(({ peers }) => peers.length === 0)) throw new Error('no server can run here')
  return { command: comparison.command, machine, plan, groups: results }
}

/** What the command line names, of every group: a name may stand in one of them only. */
function selectLineups({ only, peers }: Comparison): typeof groups {
  const all = groups.flatMap(({ lineups }) => lineups)
  const wantedCases = new Set(
    selectNamed(
      all.flatMap((lineup) => lineup.cases),
      only,
    ),
  )
  const wantedPeers = new Set(
    selectNamed(
      all.flatMap((lineup) => lineup.peers),
      peers,
    ),
  )
  return groups
    .map(({ title, lineups }) => ({
      title,
      lineups: lineups
        .map((lineup) => ({
          cases: lineup.cases.filter((subject) => wantedCases.has(subject)),
          peers: lineup.peers.filter((peer) => wantedPeers.has(peer)),
        }))
        .filter((lineup) => lineup.cases.length > 0 && lineup.peers.length > 0),
    }))
    .filter(({ lineups }) => lineups.length > 0)
}

function lineupSeconds({ cases, peers }: Lineup, plan: Plan): number {
  return cases.reduce((sum, subject) => sum + plannedSeconds(subject, peers.length, plan), 0)
}

async function compareLineup(
  { cases, peers }: Lineup,
  site: Site,
  { plan, tell }: Comparison,
  signal: AbortSignal,
): Promise<LineupResult> {
  const skipped: Skipped[] = []
  const runnable = cases.filter(({ name, unavailable }) => {
    const reason = unavailable()
    if (reason !== undefined) skipped.push({ name, reason })
    return reason === undefined
  })
  await using lineup = new StartedPeers()
  for (const peer of runnable.length === 0 ? [] : peers) {
    signal.throwIfAborted()
    await lineup.start(peer, site)
  }
  skipped.unshift(...lineup.skipped)
  for (const { name, reason } of skipped) tell(`skipped ${name}: ${reason}`)
  await verifyAll(runnable, lineup.started, signal)
  const results: CaseResult[] = []
  for (const subject of runnable) {
    tell(`measuring ${subject.name}`)
    results.push(await measureCase(subject, able(lineup.started, subject), plan, signal))
  }
  return { peers: lineup.started.map(({ name, version }) => ({ name, version })), skipped, cases: results }
}

/** Throws with every wrong answer at once: figures of servers that do different work are not compared. */
async function verifyAll(
  subjects: readonly Case[],
  started: readonly StartedPeer[],
  signal: AbortSignal,
): Promise<void> {
  const wrong: string[] = []
  for (const subject of subjects) {
    for (const { name, url } of able(started, subject)) {
      signal.throwIfAborted()
      const fault = await verifyAnswer(url, subject)
      if (fault !== undefined) wrong.push(`${name} answers ${subject.name} wrongly: ${fault}`)
    }
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

function able(started: readonly StartedPeer[], { notBy = [] }: Case): readonly StartedPeer[] {
  return started.filter(({ name }) => !notBy.includes(name))
}

function distinct<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return [...new Map(list.map((one) => [one.name, one])).values()]
}
