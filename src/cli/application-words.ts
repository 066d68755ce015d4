// What the command line says otherwise where an application is meant, and to whoever comes from gunicorn.

import { InvalidArgumentError, Option, type Command } from 'commander'
import type { LimitName } from '../config/limits.ts'

/** What limits bound, where no script is. */
export const applicationLimits: { readonly [Name in LimitName]?: string } = {
  firstByteTimeout: 'from a request’s start to the application’s first output; then 504, and a new worker',
  idleTimeout:
    'between two outputs of an application; then its worker is ended, and the answer under way broken off; also for a request that nobody waits for',
  totalTimeout: 'from a request’s start to the end of its answer; then its worker is ended',
  killGrace: 'from TERM to KILL when a worker is ended',
  maxQueue: 'requests that wait for a worker; more get 503',
  maxRequests:
    'requests that one worker answers at most, and three quarters of it at least, before another takes its place; 0 is no limit',
  maxResponseHead: 'the head of an application’s answer; more is 502',
}

const elsewhere: readonly (readonly [flags: string, here: string])[] = [
  ['-w <number>', '--workers NUMBER'],
  ['-b, --bind <address>', '--host ADDRESS and --port NUMBER, or --listen http:ADDRESS:PORT or http:unix:PATH'],
  ['-k, --worker-class <class>', 'there is one kind only, with --threads NUMBER'],
  ['-t, --timeout <seconds>', '--total-timeout DURATION'],
  ['-e <name=value>', '--env NAME=VALUE'],
  ['-c, --config <file>', 'all settings are flags; see postern wsgi --help'],
]

/** gunicorn's flags, which say what they are called here. */
export function gunicornFlags(command: Command): void {
  for (const [flags, here] of elsewhere) {
    const refuse = (): never => {
      throw new InvalidArgumentError(`That is a flag of gunicorn; here: ${here}.`)
    }
    command.addOption(new Option(flags).hideHelp().argParser(refuse))
  }
}
