// Client gone, deadline and shutdown are one signal.

/** What is used here of an AbortSignal; any one will do. A server's requests each need one, and a real one is dear. */
export interface Cancellation {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}
