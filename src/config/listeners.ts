// From KIND:ADDRESS to frontends that listen.

import type { Observer } from '../events/events.ts'
import { listenFastCgi } from '../frontends/fastcgi.ts'
import type { Frontend } from '../frontends/frontend.ts'
import { listenHttp } from '../frontends/http.ts'
import type { ListenPlace } from '../frontends/listening.ts'
import { nodeFrontend, type NodeFrontendLimits } from '../frontends/node.ts'
import { listenScgi } from '../frontends/scgi.ts'
import { listenUwsgi } from '../frontends/uwsgi.ts'
import type { Answering } from '../gateway/request-facts.ts'
import { systemdDescriptors } from './inherited-sockets.ts'
import type { LimitValues } from './limits.ts'
import type { ListenAddress, ProtocolName } from './listen-address.ts'
import { ListenError } from './listen-error.ts'
import { readAllowedPeers, readSocketMode, readSocketOwner, type SocketOptions } from './listen-options.ts'
import { UnderWay } from './under-way.ts'

export interface ListenContext {
  readonly gateway: Answering
  readonly limits: LimitValues
  readonly observe: Observer
}

export interface OpenListener extends Frontend {
  readonly protocol: ProtocolName
  /** `http://127.0.0.1:8080/`, `fastcgi:unix:/run/app.sock`. */
  readonly shown: string
}

export function frontendLimits(limits: LimitValues): NodeFrontendLimits {
  return { bodyTimeoutMs: limits.bodyTimeout, minBodyRate: limits.minBodyRate, sendTimeoutMs: limits.sendTimeout }
}

/** One for each socket. Where one cannot be opened, those before it are closed. Rejects with TypeError or ListenError. */
export async function openListeners(
  addresses: readonly ListenAddress[],
  options: SocketOptions,
  context: ListenContext,
): Promise<readonly OpenListener[]> {
  const places = addresses.flatMap(({ protocol, address }) => {
    const peers = readAllowedPeers(protocol, options.allowPeers)
    return placesOf(address, options).map((place) => ({ protocol, place, peers }))
  })
  const open: OpenListener[] = []
  try {
    for (const { protocol, place, peers } of places) {
      const underWay = new UnderWay(context.gateway)
      const frontend = await openOne(protocol, place, peers, options, { ...context, gateway: underWay })
      open.push({ ...waitingFor(underWay, frontend), protocol, shown: shownAs(protocol, frontend.address) })
    }
    return open
  } catch (error) {
    for (const frontend of open) {
      frontend.destroy()
      await frontend.close()
    }
    throw error
  }
}

/** Its close waits for scripts that work on after their answers as well. */
function waitingFor(underWay: UnderWay, frontend: Frontend): Frontend {
  return {
    address: frontend.address,
    close: async () => {
      await frontend.close()
      await underWay.settled()
    },
    destroy: () => {
      frontend.destroy()
      underWay.forsake()
    },
  }
}

function placesOf(address: ListenAddress['address'], options: SocketOptions): readonly ListenPlace[] {
  if (address.kind === 'systemd') return systemdDescriptors(address.name).map((fd) => ({ kind: 'fd', fd }))
  if (address.kind !== 'unix') return [address]
  return [{ ...address, mode: readSocketMode(options.socketMode), owner: readSocketOwner(options.socketOwner) }]
}

async function openOne(
  protocol: ProtocolName,
  place: ListenPlace,
  allowedPeers: readonly string[],
  { passVariables = [], frontMounts = false }: SocketOptions,
  { gateway, limits, observe }: ListenContext,
): Promise<Frontend> {
  const { headerTimeout: headerTimeoutMs, maxConnections } = limits
  const pace = frontendLimits(limits)
  try {
    if (protocol === 'http') {
      return await listenHttp(nodeFrontend(gateway, pace), {
        place,
        headerTimeoutMs,
        keepAliveTimeoutMs: limits.keepAliveTimeout,
        maxHeaderBytes: limits.maxHeader,
        maxFields: limits.maxFields,
        maxConnections,
      })
    }
    return await frontends[protocol](gateway, {
      ...pace,
      place,
      allowedPeers,
      maxConnections,
      headerTimeoutMs,
      // A server says more than scripts are told, fields twice for example.
      maxVariablesBytes: limits.maxVariables + limits.maxHeader,
      passVariables: new Set(passVariables),
      frontMounts,
      observe,
    })
  } catch (error) {
    throw ListenError.of(error, protocol, place)
  }
}

const frontends = { fastcgi: listenFastCgi, scgi: listenScgi, uwsgi: listenUwsgi }

function shownAs(protocol: ProtocolName, address: string): string {
  return protocol === 'http' && !/^(?:unix|fd):/.test(address) ? `http://${address}/` : `${protocol}:${address}`
}
