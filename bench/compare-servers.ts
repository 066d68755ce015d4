/** The benchmark of the servers: starts them all, checks their answers, measures case by case, ends them. */
import { cases, type Case } from './cases.ts'
import { missingCommand } from './find-command.ts'
import { describeMachine } from './machine.ts'
import { peers } from './peers/all.ts'
import type { BenchResults } from './report.ts'
import { measureCase, plannedSeconds, type CaseResult, type Plan } from './rounds.ts'
import { selectNamed } from './select-named.ts'
import { makeSite } from './site.ts'
import { StartedPeers, type StartedPeer } from './started-peers.ts'
import { verifyAnswer } from './verify-answer.ts'

export interface Comparison {
  readonly plan: Plan
  readonly only: string | undefined
  readonly peers: string | undefined
  readonly command: string
  readonly tell: (line: string) => void
}

export async function compareServers(comparison: Comparison, signal: AbortSignal): Promise<BenchResults> {
  const { plan, tell } = comparison
  const missing = missingCommand('wrk')
  if (missing !== undefined) throw new Error(missing)
  const wantedPeers = selectNamed(peers, comparison.peers)
  const wantedCases = selectNamed(cases, comparison.only).map((subject) => ({ subject, reason: subject.unavailable() }))
  const runnable = wantedCases.flatMap(({ subject, reason }) => (reason === undefined ? [subject] : []))
  const machine = describeMachine()

  await using site = await makeSite()
  await using lineup = new StartedPeers()
  for (const peer of wantedPeers) {
    signal.throwIfAborted()
    await lineup.start(peer, site)
  }
  for (const { name, reason } of lineup.skipped) tell(`skipped ${name}: ${reason}`)
  if (lineup.started.length === 0) throw new Error('no server can run here')
  await verifyAll(runnable, lineup.started, signal)

  const seconds = plannedSeconds(runnable.length, lineup.started.length, plan)
  tell(`${runnable.length} cases, ${lineup.started.length} servers, about ${Math.ceil(seconds / 60)} min`)
  const results: CaseResult[] = []
  for (const subject of runnable) {
    tell(`measuring ${subject.name}`)
    results.push(await measureCase(subject, able(lineup.started, subject), plan, signal))
  }
  return {
    command: comparison.command,
    machine,
    plan,
    peers: lineup.started,
    skippedPeers: lineup.skipped,
    skippedCases: wantedCases.flatMap(({ subject, reason }) =>
      reason === undefined ? [] : [{ name: subject.name, reason }],
    ),
    cases: results,
  }
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
