/**
 * Measures one case: every peer in every round, in an order that turns with the round, so that what the machine does
 * meanwhile falls on all of them. All servers are up all the time; the idle ones cost nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { bodyBytesOf, mebibyte, type Case, type Rate } from './case.ts'
import type { StartedPeer } from './started-peers.ts'
import { figureOf, type Figure } from './statistics.ts'
import { load, type Load, type LoadReport } from './wrk.ts'

export interface Plan {
  readonly rounds: number
  readonly seconds: number
}

export interface PeerFigures {
  /** In the unit of the case. */
  readonly rate: Figure
  readonly p50Us: Figure
  readonly p99Us: Figure
  /** At one connection: the time of a request that waits for no other. */
  readonly soloP50Us: Figure
}

export type PeerResult =
  | { readonly kind: 'measured'; readonly figures: PeerFigures }
  /** An answer was wrong or missing under load, so the figures would flatter the server. */
  | { readonly kind: 'failed'; readonly reason: string }

export interface CaseResult {
  readonly name: string
  readonly title: string
  readonly connections: number
  readonly rate: Rate
  readonly peers: Readonly<Record<string, PeerResult>>
}

interface Sample {
  readonly loaded: LoadReport
  readonly solo: LoadReport
}

/** Long enough for the compilers inside the servers that have one; a plan of shorter runs is not after figures. */
const warmUpSeconds = ({ seconds }: Plan): number => Math.min(3, seconds)
/** Lets the programs end that were running when the load stopped, so that they do not burden the next peer. */
const settleMs = 200

/** The run at one connection needs fewer seconds: it gives one figure, a median, which settles soon. */
export const soloSeconds = ({ seconds }: Plan): number => Math.max(1, Math.round(seconds / 3))

/** A body of many MiB may take a second and more. */
const soloSecondsOf = ({ rate }: Case, plan: Plan): number =>
  rate.kind === 'upload' || rate.kind === 'download' ? Math.max(3, soloSeconds(plan)) : soloSeconds(plan)

export function plannedSeconds(subject: Case, peers: number, plan: Plan): number {
  const settling = (2 * settleMs) / 1000
  return peers * (warmUpSeconds(plan) + plan.rounds * (plan.seconds + soloSecondsOf(subject, plan) + settling))
}

export async function measureCase(
  subject: Case,
  peers: readonly StartedPeer[],
  plan: Plan,
  signal: AbortSignal,
): Promise<CaseResult> {
  const { connections, rate } = subject
  const postBytes = bodyBytesOf(subject)
  const whole = { connections, seconds: plan.seconds, postBytes }
  const single = { connections: 1, seconds: soloSecondsOf(subject, plan), postBytes }
  const samples = new Map<string, Sample[]>(peers.map(({ name }) => [name, []]))
  for (let round = 0; round < plan.rounds; round++) {
    for (const { name, url } of rotated(peers, round)) {
      const address = new URL(subject.path, url).href
      if (round === 0) await settledLoad(address, { ...whole, seconds: warmUpSeconds(plan) }, signal)
      const loaded = await settledLoad(address, whole, signal)
      const solo = await settledLoad(address, single, signal)
      samples.get(name)?.push({ loaded, solo })
    }
  }
  const results = [...samples].map(([name, taken]) => [name, resultOf(taken, rate)] as const)
  return { name: subject.name, title: subject.title, connections, rate, peers: Object.fromEntries(results) }
}

async function settledLoad(url: string, wanted: Load, signal: AbortSignal): Promise<LoadReport> {
  const report = await load(url, wanted, signal)
  await sleep(settleMs, undefined, { signal })
  return report
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % Math.max(1, list.length)
  return [...list.slice(start), ...list.slice(0, start)]
}

function resultOf(samples: readonly Sample[], rate: Rate): PeerResult {
  const failures = samples.flatMap(({ loaded, solo }) => [loaded.failure, solo.failure])
  const reason = failures.find((failure) => failure !== undefined)
  if (reason !== undefined) return { kind: 'failed', reason }
  return {
    kind: 'measured',
    figures: {
      rate: figureOf(samples.map(({ loaded }) => inUnitOf(rate, loaded))),
      p50Us: figureOf(samples.map(({ loaded }) => loaded.p50Us)),
      p99Us: figureOf(samples.map(({ loaded }) => loaded.p99Us)),
      soloP50Us: figureOf(samples.map(({ solo }) => solo.p50Us)),
    },
  }
}

function inUnitOf(rate: Rate, { requestsPerSecond, bytesPerSecond }: LoadReport): number {
  switch (rate.kind) {
    case 'requests':
      return requestsPerSecond
    case 'share':
      return requestsPerSecond / rate.limit
    case 'download':
      return bytesPerSecond / mebibyte
    case 'upload':
      return requestsPerSecond * rate.mebibytes
  }
}
