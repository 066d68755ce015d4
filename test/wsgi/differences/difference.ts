// What one listed difference is.

export const servers = ['postern', 'gunicorn', 'uwsgi', 'waitress'] as const
export type Server = (typeof servers)[number]

/** Which server, the aspect, what was seen, and the cases. */
export type Sight = readonly [server: Server, aspect: string, seen: string, ...cases: readonly string[]]

export interface Difference {
  readonly what: string
  /** What the PEP, or another specification, says. */
  readonly rule: string
  /** What each does that does not keep it. */
  readonly servers: Readonly<Partial<Record<Server, string>>>
  readonly why: string
  readonly seen: readonly Sight[]
}

export interface Section {
  readonly title: string
  readonly differences: readonly Difference[]
}
