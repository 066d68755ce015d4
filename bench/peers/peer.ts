/** What every server of the comparison is to the benchmark. */
import type { Site } from '../site.ts'

export interface Peer {
  /** As in `--peers` and in the tables. */
  readonly name: string
  /** Why the server cannot run here; undefined when it can. */
  unavailable(): string | undefined
  version(): string
  /** Serves the site on a free port of 127.0.0.1, set up as its own manual says for speed. */
  start(site: Site): Promise<RunningPeer>
}

export interface RunningPeer extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string
  /** Of its servers; each leads a tree of processes. */
  readonly pids: readonly number[]
}

/** Far above the requests of one run: a connection that is closed after a hundred would cost one peer what it spares another. */
export const requestsPerConnection = 60_000
