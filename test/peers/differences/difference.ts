// What one listed difference is, and the words that the lists share.

/** The aspect, what Apache gave, what Postern gave, and the cases; no case: wherever it is met. */
export type Sight = readonly [aspect: string, apache: string, postern: string, ...cases: readonly string[]]

export interface Difference {
  readonly what: string
  readonly apache: string
  readonly postern: string
  readonly why: string
  readonly seen: readonly Sight[]
}

export interface Section {
  readonly title: string
  readonly differences: readonly Difference[]
}

/** Said of an answer that the server itself made, as compare.ts says it. */
export const page = ', a page of the server'
