// The gateway of a cell: with the case's site itself, or asking a second gateway that has the site.

import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  app,
  createGateway,
  fastcgi,
  proxy,
  scgi,
  uwsgi,
  folder,
  type FetchContext,
  type GatewayEvent,
  type GatewayOptions,
  type Observer,
} from '../../src/index.ts'
import type { DestinationMaker, FunctionHandler, PosternGateway, RouteOptions } from '../../src/index.ts'
import { limits, pickLimits, type LimitPlace } from '../../src/config/limits.ts'
import type { TemporarySite } from '../support/temporary-site.ts'
import { optionsOf, type Family, type FamilyOptions } from './case.ts'
import { applicationOf } from './application.ts'
import type { Cell, ExecutorName } from './cell.ts'

export interface CellGateway extends AsyncDisposable {
  readonly gateway: PosternGateway
}

export async function openGateway(
  { executor }: Cell,
  family: Family,
  site: TemporarySite,
  observe: Observer,
): Promise<CellGateway> {
  const options = gatewayOptions(optionsOf(family, site), 'script', 'program', 'gateway')
  if (executor === 'process' || executor === 'warm') {
    const gateway = createGateway({ ...options, observe, routes: siteRoutes(family, site, '/') })
    return { gateway, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() }
  }
  // What the first gateway cut off is part of the path here.
  const prefix = decodeURIComponent(family.mount ?? '/')
  const second = createGateway({ ...options, observe, routes: siteRoutes(family, site, prefix) })
  if (executor === 'application') return applicationOf(second, optionsOf(family, site), observe)
  try {
    const upstream = await upstreamMakers[executor](second, passing(optionsOf(family, site)))
    const gateway = createGateway({
      // The limits of scripts are the second gateway's.
      ...gatewayOptions(optionsOf(family, site), 'gateway'),
      observe: (event) => isOfFirst(event) && observe(event),
      routes: [{ path: '/', to: upstream.destination }],
    })
    return {
      gateway,
      [Symbol.asyncDispose]: async () => {
        await gateway[Symbol.asyncDispose]()
        await upstream[Symbol.asyncDispose]()
        await second[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await second[Symbol.asyncDispose]()
    throw error
  }
}

/** The second gateway tells what its scripts said; FastCGI tells the first one too. */
function isOfFirst({ type }: GatewayEvent): boolean {
  return type !== 'diagnostic-line'
}

interface Upstream extends AsyncDisposable {
  readonly destination: DestinationMaker
}

type UpstreamMaker = (second: PosternGateway, passed: Passed) => Promise<Upstream>

const upstreamMakers: Readonly<Record<Exclude<ExecutorName, 'process' | 'warm' | 'application'>, UpstreamMaker>> = {
  fastcgi: listening('fastcgi', fastcgi),
  scgi: listening('scgi', scgi),
  uwsgi: listening('uwsgi', uwsgi),
  http: listening('http', proxy),
  function: (second, passed) => {
    const handler: FunctionHandler = (request, { variables }) => second.fetch(request, factsOf(variables))
    return Promise.resolve({
      destination: app(handler, passed),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    })
  },
}

function factsOf(variables: ReadonlyMap<string, string>): FetchContext {
  const of = (name: string): string => variables.get(name) ?? ''
  return {
    peer: { address: of('REMOTE_ADDR'), port: Number(of('REMOTE_PORT')) },
    local: { address: of('SERVER_ADDR'), port: Number(of('SERVER_PORT')) },
    ...(variables.has('REMOTE_USER') ? { user: { name: of('REMOTE_USER'), authType: of('AUTH_TYPE') } } : {}),
  }
}

/** The second gateway listens; a Unix socket cannot be reset, so only a protocol that says an answer's end has one. */
function listening(
  protocol: 'fastcgi' | 'scgi' | 'uwsgi' | 'http',
  make: (address: string, options: Passed) => DestinationMaker,
): UpstreamMaker {
  return async (second, passed) => {
    const path = join(tmpdir(), `postern-${randomBytes(6).toString('hex')}.sock`)
    const address = protocol === 'fastcgi' ? `unix:${path}` : '127.0.0.1:0'
    const listener = await second.listen(`${protocol}:${address}`)
    const [shown = ''] = listener.addresses
    const at = protocol === 'http' ? new URL(shown).host : shown.slice(protocol.length + 1)
    return {
      destination: make(at, passed),
      [Symbol.asyncDispose]: async () => {
        await listener.destroy()
        rmSync(path, { force: true })
      },
    }
  }
}

interface Passed {
  readonly passFields?: readonly string[]
}

/** What the second gateway is to decide about must come there. */
function passing({ passFields }: FamilyOptions): Passed {
  return passFields === undefined ? {} : { passFields }
}

const ofGateway = new Set<string>(['dev', 'serverName', 'allowedHosts', 'trustedProxies'])

function siteRoutes(family: Family, site: TemporarySite, path: string): readonly RouteOptions[] {
  const { authorizer, ...options } = optionsOf(family, site)
  const folderOptions = Object.entries(options).filter(([name]) => !Object.hasOwn(limits, name) && !ofGateway.has(name))
  const to = folder(site.root, Object.fromEntries(folderOptions))
  const route = authorizer === undefined ? { path, to } : { path, to, authorizer }
  return family.routes?.(site) ?? [route]
}

function gatewayOptions(options: FamilyOptions, ...places: readonly LimitPlace[]): GatewayOptions {
  return {
    ...Object.fromEntries(Object.entries(options).filter(([name]) => ofGateway.has(name))),
    // Those of a server are its client's to give (clients/).
    ...pickLimits(options, ...places),
  }
}
