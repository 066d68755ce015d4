/** Starts every peer that can run here; disposing ends them all. */
import type { Peer, RunningPeer } from './peers/peer.ts'
import type { Site } from './site.ts'

export interface StartedPeer {
  readonly name: string
  readonly version: string
  readonly url: string
  /** Of its servers; each leads a tree of processes. */
  readonly pids: readonly number[]
}

export interface Skipped {
  readonly name: string
  readonly reason: string
}

export class StartedPeers implements AsyncDisposable {
  readonly started: StartedPeer[] = []
  readonly skipped: Skipped[] = []
  readonly #running: RunningPeer[] = []

  async start(peer: Peer, site: Site): Promise<void> {
    const reason = peer.unavailable()
    if (reason !== undefined) {
      this.skipped.push({ name: peer.name, reason })
      return
    }
    const running = await peer.start(site)
    this.#running.push(running)
    this.started.push({ name: peer.name, version: peer.version(), url: running.url, pids: running.pids })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map((peer) => peer[Symbol.asyncDispose]()))
  }
}
