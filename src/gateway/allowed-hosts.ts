// The names that a server answers to. Security: DNS rebinding. The owner of a name can let it point to this machine;
// then a page of that name is of this server's origin, and may read error pages and call scripts. What the browser
// sends as Host is still that name. In development, where pages tell causes and nobody needs many names, only those
// are answered that no stranger owns. In production every name is, unless there is a list.

import { ipVersion } from '../protocol/http/ip-version.ts'
import { asciiLowerCase } from '../bytes/byte-string.ts'
import { readAuthority } from '../protocol/http/request-target.ts'

export interface AllowedHostsOptions {
  /** Names such as `www.example.org`, or `.example.org` for it and all below it; undefined: there is no list. */
  readonly names: readonly string[] | undefined
  /** What the server is called by its own settings. */
  readonly own: readonly string[]
  /** Addresses and localhost count as allowed, and what is not allowed is refused even without a list. */
  readonly development: boolean
}

export class AllowedHosts {
  readonly #isOpen: boolean
  readonly #development: boolean
  readonly #exact: ReadonlySet<string>
  readonly #suffixes: readonly string[]

  /** Throws TypeError for what is no name. */
  constructor({ names, own, development }: AllowedHostsOptions) {
    const read = (names ?? []).map(readName)
    this.#isOpen = names === undefined && !development
    this.#development = development
    this.#suffixes = read.filter((name) => name.startsWith('.'))
    this.#exact = new Set([
      ...read.map((name) => name.replace(/^\./, '')),
      ...own.map((name) => plain(readAuthority(name)?.host ?? name)),
    ])
  }

  /** The host of an authority, without its port. An empty one is of a client that is no browser. */
  has(host: string): boolean {
    if (this.#isOpen || host === '') return true
    const name = plain(host)
    if (this.#exact.has(name) || this.#suffixes.some((suffix) => name.endsWith(suffix))) return true
    // RFC 6761 6.3: browsers ask nobody what localhost is. An address has no owner who could let it point elsewhere.
    return this.#development && (ipVersion(name) !== 0 || name === 'localhost' || name.endsWith('.localhost'))
  }
}

/** What to do where a name is refused that should not be. */
export function mendOf(host: string): string {
  // It is copied into a shell.
  const shown = /^[\w.-]{1,253}$/.test(host) ? host : 'NAME'
  return `If this server has that name, allow it: \`--allowed-hosts ${shown}\`, or \`allowedHosts\` in the library. If not, a page elsewhere may be reaching for this server (DNS rebinding).`
}

function readName(text: string): string {
  const name = plain(text)
  const isName = /^\.?[a-z\d_](?:[a-z\d_-]*[a-z\d_])?(?:\.[a-z\d_](?:[a-z\d_-]*[a-z\d_])?)*$/.test(name)
  if (isName || ipVersion(name) !== 0) return name
  throw new TypeError(
    `an allowed host is a name such as www.example.org, or .example.org for it and all below it, without scheme and port, not ${JSON.stringify(text)}`,
  )
}

/** Without the brackets of an IPv6 address and the dot at the end of a name that is written in full. */
function plain(host: string): string {
  return asciiLowerCase(host)
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
}
