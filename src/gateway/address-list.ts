// A list of addresses and CIDR blocks, such as `127.0.0.1`, `10.0.0.0/8`, `::1`.

import { BlockList } from 'node:net'
import { ipVersion } from '../protocol/http/ip-version.ts'

export class AddressList {
  readonly #list = new BlockList()
  readonly #isEmpty: boolean

  /** `what`: an entry is called that. Throws TypeError on what is neither an address nor a block. */
  constructor(entries: readonly string[], what: string) {
    this.#isEmpty = entries.length === 0
    for (const entry of entries) this.#add(entry, what)
  }

  has(address: string): boolean {
    return (
      !this.#isEmpty &&
      ipVersion(address) !== 0 &&
      this.#list.check(address, ipVersion(address) === 6 ? 'ipv6' : 'ipv4')
    )
  }

  #add(entry: string, what: string): void {
    const [address = '', bits, ...more] = entry.split('/')
    const family = ipVersion(address) === 6 ? 'ipv6' : 'ipv4'
    const widest = family === 'ipv6' ? 128 : 32
    // Security: `10.0.0.0/` must not be read as /0, which is everybody.
    const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
    if (ipVersion(address) === 0 || more.length > 0 || !(prefix <= widest)) {
      throw new TypeError(`${what} is an address or a CIDR block such as 10.0.0.0/8, not ${JSON.stringify(entry)}`)
    }
    this.#list.addSubnet(address, prefix, family)
  }
}
