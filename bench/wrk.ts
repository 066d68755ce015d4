/** Loads one URL with wrk for a while, and reads what it measured. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { requireCommand } from './find-command.ts'
import { wrkScript } from './places.ts'

export interface LoadReport {
  /** That were answered. */
  readonly requests: number
  readonly requestsPerSecond: number
  /** Of the answers, heads and bodies. */
  readonly bytes: number
  readonly bytesPerSecond: number
  readonly p50Us: number
  readonly p99Us: number
  /** What went wrong, in words; undefined when every answer was right. */
  readonly failure: string | undefined
}

export interface Load {
  readonly connections: number
  readonly seconds: number
  /** Every request posts so many. From a MiB on, the time of `requestsPerSecond` ends with the last answer. */
  readonly postBytes?: number | undefined
}

/** Bodies of many MiB take longer than wrk's own two seconds where the machine is busy. */
const answerLimit = '10s'

/** One thread is enough: it can ask far faster than any of the servers answers, and it leaves the other cores to them. */
export async function load(
  url: string,
  { connections, seconds, postBytes }: Load,
  signal: AbortSignal,
): Promise<LoadReport> {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', answerLimit, '-s', wrkScript, url]
  if (postBytes !== undefined) args.push('--', String(postBytes))
  const wrk = spawn(requireCommand('wrk'), args, { stdio: ['ignore', 'pipe', 'inherit'], signal })
  // An abort is told by 'error'; without a listener it would end the process before the servers are ended.
  const failed = new Promise<never>((_, reject) => wrk.once('error', reject))
  return readReport(await Promise.race([text(wrk.stdout), failed]))
}

function readReport(output: string): LoadReport {
  const line = /^report (.*)$/m.exec(output)?.[1]
  if (line === undefined) throw new Error(`wrk gave no report:\n${output}`)
  const figures = new Map([...line.matchAll(/(\w+)=(\d+)/g)].map(([, name, value]) => [name, Number(value)]))
  const figure = (name: string): number => figures.get(name) ?? 0
  const wrong = ['badStatus', 'connect', 'read', 'write', 'timeout'].filter((name) => figure(name) > 0)
  if (figure('requests') === 0) wrong.push('requests')
  return {
    requests: figure('requests'),
    bytes: figure('bytes'),
    requestsPerSecond: (figure('requests') * 1e6) / Math.max(1, figure('untilLastUs')),
    bytesPerSecond: (figure('bytes') * 1e6) / Math.max(1, figure('durationUs')),
    p50Us: figure('p50Us'),
    p99Us: figure('p99Us'),
    failure: wrong.length === 0 ? undefined : wrong.map((name) => `${name} ${figure(name)}`).join(', '),
  }
}
