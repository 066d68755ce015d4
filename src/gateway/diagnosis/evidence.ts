// What is known when a script has failed, for the rules that name the cause.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { GatewayFailure } from '../../events/failures.ts'

export interface Evidence {
  readonly failure: GatewayFailure
  /** Absolute path of the script. */
  readonly script: ByteString
  /** An interpreter runs it, so that its file need not be one that starts. */
  readonly isInterpreted?: boolean
  /** The end of what it wrote to standard error, as text; at most 8 KiB. */
  readonly stderrTail: string
  /** The beginning of what it wrote to standard output; at most 1 KiB. */
  readonly outputStart: ByteString
}
