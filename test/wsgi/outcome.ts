// Which breaches of a case are listed differences of a server, and which listed ones were met.

import { breachesOf, type WsgiCase } from './case.ts'
import type { Server, Sight } from './differences/difference.ts'
import { sections } from './differences.ts'
import type { Fleet } from './servers/fleet.ts'
import { play } from './stage.ts'

export class Outcome {
  readonly #server: Server
  readonly #fleet: Fleet
  readonly #sights: readonly Sight[]
  readonly #met = new Set<string>()

  constructor(server: Server, fleet: Fleet) {
    this.#server = server
    this.#fleet = fleet
    const all = sections.flatMap((section) => section.differences.flatMap(({ seen }) => seen))
    this.#sights = all.filter(([of]) => of === server)
  }

  /** What the case shows that is not listed. */
  async unlisted(name: string, item: WsgiCase): Promise<readonly string[]> {
    const server = await this.#fleet.server(item.server)
    const breaches = breachesOf(await play(name, item, server), item.expected)
    return [...breaches]
      .filter(([aspect, seen]) => !this.#isListed(aspect, seen, name))
      .map((breach) => this.#say(...breach, name))
  }

  /** What is listed and was not seen. */
  gone(): readonly string[] {
    return this.#sights
      .flatMap(([, aspect, seen, ...names]) => names.map((name) => this.#say(aspect, seen, name)))
      .filter((words) => !this.#met.has(words))
  }

  #isListed(aspect: string, seen: string, name: string): boolean {
    const isIt = ([, ofAspect, value, ...names]: Sight): boolean =>
      ofAspect === aspect && value === seen && names.includes(name)
    if (!this.#sights.some(isIt)) return false
    this.#met.add(this.#say(aspect, seen, name))
    return true
  }

  #say(aspect: string, seen: string, name: string): string {
    return `${this.#server}: ${name}: ${aspect}: ${JSON.stringify(seen)}`
  }
}
