/** The command line: what is run, for how long, and against whom. */
import { parseArgs } from 'node:util'
import type { Plan } from './rounds.ts'

export interface ServeOptions {
  readonly kind: 'serve'
  readonly plan: Plan
  readonly only: string | undefined
  readonly peers: string | undefined
}

export interface SpawnOptions {
  readonly kind: 'spawn'
  readonly count: number
}

/** Of a measurement that has rounds alone. */
export interface RoundsOptions {
  readonly kind: 'app-start' | 'node-start'
  readonly rounds: number
}

export type BenchOptions = ServeOptions | SpawnOptions | RoundsOptions | { readonly kind: 'help' }

export const usage = `npm run bench -- [spawn | node-start | app-start] [options]

  --rounds N       rounds of every case, default 5
  --seconds N      seconds of a run, default 3
  --warm-up N      seconds of load before a server's first run of a case, default 3; V8 is at its best after some 20
  --only LIST      cases or groups of cases, as in static,c,perl-cgi-pm
  --peers LIST     servers, as in postern,apache
  spawn            measures what starting a program costs the event loop instead
  --count N        starts for that, default 3000
  node-start       measures Node scripts started afresh and warm instead; --rounds 31 for a true median
  app-start        measures what postern/app adds to a CGI program instead; --rounds 30 or more
`

export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      'warm-up': { type: 'string', default: '3' },
      only: { type: 'string' },
      peers: { type: 'string' },
      count: { type: 'string', default: '3000' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return { kind: 'help' }
  const [what = 'serve', ...rest] = positionals
  if (rest.length > 0 || !['serve', 'spawn', 'node-start', 'app-start'].includes(what))
    throw new TypeError(`unknown: ${positionals.join(' ')}`)
  if (what === 'spawn') return { kind: 'spawn', count: readCount('count', values.count) }
  if (what === 'node-start' || what === 'app-start') return { kind: what, rounds: readCount('rounds', values.rounds) }
  const plan = {
    rounds: readCount('rounds', values.rounds),
    seconds: readCount('seconds', values.seconds),
    warmUpSeconds: readCount('warm-up', values['warm-up']),
  }
  return { kind: 'serve', plan, only: values.only, peers: values.peers }
}

function readCount(name: string, value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new TypeError(`--${name} takes a whole number from 1, not '${value}'`)
  return Number(value)
}
