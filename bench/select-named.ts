/** What `--only` and `--peers` select: names, or the first part of names, as `static` of `static-6b`. */

/** The entries that a comma-separated list names, in the table's order; all of them when there is no list. */
export function selectNamed<T extends { readonly name: string }>(all: readonly T[], list: string | undefined): T[] {
  if (list === undefined) return [...all]
  const terms = list.split(',').map((term) => term.trim())
  const unknown = terms.find((term) => !all.some(({ name }) => isNamed(name, term)))
  if (unknown !== undefined) throw new TypeError(`'${unknown}' is none of ${all.map(({ name }) => name).join(', ')}`)
  return all.filter(({ name }) => terms.some((term) => isNamed(name, term)))
}

function isNamed(name: string, term: string): boolean {
  return name === term || name.startsWith(`${term}-`)
}
