// The names of modules that a route asks to have loaded ahead, and which language's launchers get them: `Shop::Cart` is
// Perl's, `shop.cart` Python's, and `shop` may be either's.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { Language } from './interpreters.ts'

const other: Readonly<Record<Language, Language>> = { python: 'perl', perl: 'python' }
/** What the launchers of both languages say then (launchers/README.md). */
const notFound = 'not found'

export class PreloadNames {
  readonly #names: readonly string[]
  /** Of names that may be either's, by language: whether one of its launchers has found them. */
  readonly #isFound = { python: new Map<string, boolean>(), perl: new Map<string, boolean>() }

  constructor(names: readonly string[]) {
    this.#names = names
  }

  of(language: Language): readonly string[] {
    return this.#names.filter((name) => languageOf(name) !== other[language])
  }

  /** What a launcher has left, without names that may be the other language's: only one that neither finds is nobody's. */
  worthTelling(
    language: Language,
    left: ReadonlyMap<ByteString, ByteString>,
  ): readonly { readonly module: ByteString; readonly reason: ByteString }[] {
    const mixed = new Set(this.#names.filter((name) => languageOf(name) === undefined))
    const found = this.#isFound[language]
    for (const name of mixed) found.set(name, found.get(name) === true || left.get(name) !== notFound)
    return [...left]
      .filter(
        ([name, reason]) =>
          reason !== notFound || !mixed.has(name) || this.#isFound[other[language]].get(name) === false,
      )
      .map(([module, reason]) => ({ module, reason }))
  }
}

/** Undefined: it may be either's. */
function languageOf(name: string): Language | undefined {
  if (name.includes('::')) return 'perl'
  return name.includes('.') ? 'python' : undefined
}
