// The scgi executor: a request to an SCGI server, which answers as a CGI program does, or in HTTP.

import { encodeScgiHead } from '../protocol/scgi/request.ts'
import { SocketExecutor, type SocketExecutorOptions } from './socket-exchange.ts'

export class ScgiExecutor extends SocketExecutor {
  constructor(options: SocketExecutorOptions) {
    super(options, ({ variables }) => ({ bytes: encodeScgiHead(variables) }))
  }
}
