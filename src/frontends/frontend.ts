// What every frontend that listens is to whoever started it.

export interface Frontend {
  /** Where it listens, as it is shown: `unix:/path`, `HOST:PORT` or `fd:N`. */
  readonly address: string
  /** No new connection; those with a request may finish it. Resolves when none is left. */
  close(): Promise<void>
  /** Breaks every connection off. */
  destroy(): void
}
