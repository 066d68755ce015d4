// A gateway behind node:http on a free port, as somebody who embeds it has it.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { createGateway, type GatewayEvent, type RouteOptions } from '../../src/index.ts'

export interface GatewayServer extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string
  /** What programs wrote to standard error, and what the gateway refused or saw fail. */
  readonly troubles: readonly string[]
}

export async function startGateway(routes: readonly RouteOptions[]): Promise<GatewayServer> {
  const troubles: string[] = []
  const gateway = createGateway({ routes, observe: (event) => troubles.push(...trouble(event)) })
  const server = createServer(gateway.node()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    troubles,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await gateway[Symbol.asyncDispose]()
    },
  }
}

function trouble(event: GatewayEvent): string[] {
  switch (event.type) {
    case 'diagnostic-line':
      return [event.line]
    case 'request-refused':
      return [`${event.status}: ${event.why}`]
    case 'script-failed':
      return [event.diagnosis.cause]
    default:
      return []
  }
}
