// Who asks, under which name and scheme: from the connection, and from a proxy's word only where it is trusted.

import { ipVersion } from '../protocol/http/ip-version.ts'
import { firstValue } from '../protocol/http/fields.ts'
import { readAuthority, type RequestTarget } from '../protocol/http/request-target.ts'
import { AddressList } from './address-list.ts'
import { mendOf, type AllowedHosts } from './allowed-hosts.ts'
import type { Origin } from './meta-variables.ts'
import type { RequestFacts } from './request-facts.ts'

export interface OriginOptions {
  /** The canonical name; undefined: what Host says. */
  readonly serverName: string | undefined
  readonly allowedHosts: AllowedHosts
  readonly trustedProxies: TrustedProxies
}

/** Proxies whose word is believed. */
export class TrustedProxies extends AddressList {
  /** Throws TypeError on what is neither an address nor a CIDR block. */
  constructor(entries: readonly string[]) {
    super(entries, 'a trusted proxy')
  }
}

export interface RejectedOrigin {
  readonly status: 400 | 421
  readonly rejected: string
  /** What to do about it, where that can be said. */
  readonly mend?: string
}

/** RFC 9112 3.2: a request of HTTP/1.1 names one host, and a good one, which this server answers to. */
export function readOrigin(
  facts: RequestFacts,
  target: Pick<RequestTarget, 'authority' | 'scheme'>,
  { serverName, allowedHosts, trustedProxies }: OriginOptions,
): Origin | RejectedOrigin {
  const hosts = facts.fields.filter(([name]) => name.toLowerCase() === 'host')
  if (hosts.length > 1) return { status: 400, rejected: 'more than one Host field' }
  const host = target.authority ?? hosts[0]?.[1]
  if (host === undefined && facts.protocol === 'HTTP/1.1') return { status: 400, rejected: 'no Host field' }
  const authority = readAuthority(host ?? '')
  if (authority === undefined || (target.authority !== undefined && authority.host === '')) {
    return { status: 400, rejected: 'the Host field is not a host and a port' }
  }
  if (!allowedHosts.has(authority.host)) {
    // RFC 9110 15.5.20: a server that will not answer for the target's host says 421. Not 403, which is about access
    // to something that this server has.
    const rejected = `this server has not been told that it is ${JSON.stringify(authority.host)} (allowedHosts)`
    return { status: 421, rejected, mend: mendOf(authority.host) }
  }
  const direct: Origin = {
    scheme: facts.scheme,
    serverName: serverName ?? (authority.host === '' ? bracketed(facts.local.address) : authority.host),
    serverPort: facts.local.port,
    peer: facts.peer,
    authority: target.authority,
  }
  return trustedProxies.has(facts.peer.address) ? behindProxy(facts, direct, authority.port, trustedProxies) : direct
}

/** The nearest address that is not a trusted proxy's: everything to its left may be invented. */
function behindProxy(
  facts: RequestFacts,
  direct: Origin,
  hostPort: number | undefined,
  trusted: TrustedProxies,
): Origin {
  const chain = facts.fields
    .filter(([name]) => name.toLowerCase() === 'x-forwarded-for')
    .flatMap(([, value]) => value.split(','))
    .map((entry) => entry.trim())
  let address = direct.peer.address
  for (let entry = chain.pop(); entry !== undefined && ipVersion(entry) !== 0; entry = chain.pop()) {
    address = entry
    if (!trusted.has(entry)) break
  }
  const proto = firstValue(facts.fields, 'x-forwarded-proto')?.trim().toLowerCase()
  if (proto !== 'http' && proto !== 'https') {
    return { ...direct, peer: address === direct.peer.address ? direct.peer : { address, port: 0 } }
  }
  return {
    ...direct,
    scheme: proto,
    serverPort: hostPort ?? (proto === 'https' ? 443 : 80),
    peer: address === direct.peer.address ? direct.peer : { address, port: 0 },
  }
}

function bracketed(address: string): string {
  return ipVersion(address) === 6 ? `[${address}]` : address
}
