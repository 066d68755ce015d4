/** What is said about the rounds of one figure: the middle, and how far the rounds lie apart. */
export interface Figure {
  readonly median: number
  /** (largest - smallest) / median: below a tenth the rounds agree, above a third the machine was busy with other work. */
  readonly spread: number
}

export function figureOf(rounds: readonly number[]): Figure {
  const sorted = rounds.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2
  return { median, spread: ((sorted.at(-1) ?? NaN) - (sorted[0] ?? NaN)) / median }
}
