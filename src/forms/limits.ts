// The limits of forms: one table for the options, their defaults and docs/limits.md.

export type FormLimitName =
  | 'maxBodyBytes'
  | 'maxFields'
  | 'maxFiles'
  | 'maxFieldBytes'
  | 'maxFileBytes'
  | 'maxNameBytes'
  | 'maxTextBytes'
  | 'maxHeadBytes'

/** Bytes are those that were sent, of text after its percent-decoding. `Infinity` is no limit. */
export type FormLimits = Readonly<Record<FormLimitName, number>>

interface FormLimit {
  readonly default: number
  /** What is bounded; it ends a sentence that begins with "more than 1000". */
  readonly about: string
}

/** Security: every one holds for both encodings. CVE-2026-54283: Starlette's held for one of them alone. */
export const formLimits: Readonly<Record<FormLimitName, FormLimit>> = {
  maxBodyBytes: { default: 100 * 1024 * 1024, about: 'bytes in the whole body' },
  maxFields: { default: 1000, about: 'fields of text' },
  maxFiles: { default: 20, about: 'files, chosen or not' },
  maxFieldBytes: { default: 1024 * 1024, about: 'bytes in the value of one field' },
  maxFileBytes: { default: 100 * 1024 * 1024, about: 'bytes in one file' },
  maxNameBytes: { default: 1024, about: 'bytes in the name of a field or of a file' },
  maxTextBytes: {
    default: 4 * 1024 * 1024,
    about: 'bytes in all names and values together, which readForm() holds in memory',
  },
  maxHeadBytes: { default: 8 * 1024, about: 'bytes in the head of one part' },
}

export const formLimitNames: readonly FormLimitName[] = Object.keys(formLimits) as FormLimitName[]

const otherOptions: readonly string[] = ['charset', 'folder']

/** Throws TypeError where a limit is no count, or an option has no such name: one misspelt would limit nothing. */
export function resolveFormLimits(given: Partial<FormLimits>): FormLimits {
  const known: readonly string[] = [...formLimitNames, ...otherOptions]
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new TypeError(`forms have no option ${unknown}; they have ${known.join(', ')}`)
  const values: Partial<Record<FormLimitName, number>> = {}
  for (const name of formLimitNames) {
    const value = given[name] ?? formLimits[name].default
    if (value !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new TypeError(`${name} is a whole number from 0 on, or Infinity, not ${String(value)}`)
    }
    values[name] = value
  }
  return values as FormLimits
}
