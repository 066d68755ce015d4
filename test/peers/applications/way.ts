// One way in which an application is reached: the program as it is started by, or asked by, one server.

import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AppContext } from '../../../src/app.ts'
import type { TemporarySite } from '../../support/temporary-site.ts'

export const applicationNames = ['bare', 'hono', 'express', 'fastify'] as const

export type ApplicationName = (typeof applicationNames)[number]

export interface Way {
  /** `http://127.0.0.1:PORT` with the mount, without a slash at its end. */
  readonly base: string
  readonly gateway: AppContext['gateway']
  /** What the web server takes off the path. */
  readonly mount: string
  /** A folder in which everybody may write. */
  readonly gates: string
  /** What the web server, or the application where no web server takes it, has written to its log. */
  readonly log: () => string
}

/** By the applications' names. */
export type Ways = Readonly<Partial<Record<ApplicationName, Way>>>

/** Where the programs of another user may write, too. */
export function addGates(site: TemporarySite): string {
  const gates = join(site.root, 'gates')
  mkdirSync(gates)
  chmodSync(gates, 0o777)
  return gates
}
