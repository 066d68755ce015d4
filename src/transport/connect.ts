// Connects to an upstream, within a time, for as long as anybody waits.

import type { Cancellation } from '../events/cancellation.ts'
import { FailureError, type GatewayFailure } from '../events/failures.ts'
import { PatientSocket } from './patient-socket.ts'
import { showUpstreamAddress, type UpstreamAddress } from './upstream-address.ts'

/**
 * Throws FailureError: `unreachable`, `timed-out` or `client-gone`. `timeoutMs` of 0 is no limit; any of the signals ends
 * it.
 */
export function connect(
  address: UpstreamAddress,
  timeoutMs: number,
  ...signals: readonly Cancellation[]
): Promise<PatientSocket> {
  const socket = new PatientSocket()
  if (address.kind === 'unix') socket.connect({ path: address.path })
  else socket.connect({ host: address.host, port: address.port }).setNoDelay(true).setKeepAlive(true)
  return new Promise((resolve, reject) => {
    const settle = (failure: GatewayFailure | undefined): void => {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', onAbort)
      socket.off('connect', onConnect)
      if (failure === undefined) {
        socket.off('error', onError)
        resolve(socket)
        return
      }
      socket.destroy()
      reject(new FailureError(failure))
    }
    const onConnect = (): void => settle(undefined)
    const onAbort = (): void => settle({ kind: 'client-gone' })
    // It stays, so that an error that comes late is heard.
    const onError = (error: Error): void => {
      const code = 'code' in error ? String(error.code) : 'unknown'
      settle({ kind: 'unreachable', address: showUpstreamAddress(address), code })
    }
    const late: GatewayFailure = { kind: 'timed-out', phase: 'connect', afterMs: timeoutMs }
    const timer = timeoutMs === 0 ? undefined : setTimeout(() => settle(late), timeoutMs)
    socket.once('connect', onConnect).on('error', onError)
    for (const signal of signals) {
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) onAbort()
    }
  })
}
