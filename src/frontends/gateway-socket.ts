// Sockets on which web servers ask: where they listen, who may connect, how they are closed in order. The protocols know
// only connections.

import { createServer, isIPv6, type Server, type Socket } from 'node:net'
import { AddressList } from '../gateway/address-list.ts'
import type { BodyPace } from './body-pace.ts'
import type { Frontend } from './frontend.ts'
import { startListening, type ListenPlace } from './listening.ts'
import { NoticesOnce } from './notices-once.ts'
import type { Observer } from '../events/events.ts'

export interface GatewayFrontendOptions extends BodyPace {
  readonly place: ListenPlace
  /** Addresses and CIDR blocks that may connect over TCP. */
  readonly allowedPeers: readonly string[]
  readonly maxConnections: number
  readonly headerTimeoutMs: number
  readonly sendTimeoutMs: number
  /** Bytes of the variables of one request on the wire. */
  readonly maxVariablesBytes: number
  /** Names of variables of the web server's that go on to scripts. */
  readonly passVariables: ReadonlySet<string>
  /** SCRIPT_NAME of the web server's is a mount. */
  readonly frontMounts: boolean
  readonly observe: Observer
}

/** One connection of a protocol. */
export interface GatewayConnection {
  /** No further request; the connection is closed when those under way are answered. */
  close(): void
}

export async function listenForServers(
  open: (socket: Socket, notices: NoticesOnce) => GatewayConnection,
  options: GatewayFrontendOptions,
): Promise<Frontend> {
  const peers = new AddressList(options.allowedPeers, 'an allowed peer')
  const notices = new NoticesOnce(options.observe)
  const connections = new Map<Socket, GatewayConnection>()
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    if (!mayConnect(socket, peers)) {
      notices.tell(`a connection from ${socket.remoteAddress ?? ''} was closed: it is not an allowed peer`)
      socket.destroy()
      return
    }
    const connection = open(socket, notices)
    connections.set(socket, connection)
    socket.once('close', () => connections.delete(socket))
  })
  server.maxConnections = options.maxConnections
  const address = await startListening(server, options.place)
  return {
    address,
    close: () => closed(server, () => connections.values()),
    destroy: () => {
      for (const socket of connections.keys()) socket.destroy()
    },
  }
}

function closed(server: Server, connections: () => Iterable<GatewayConnection>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const connection of connections()) connection.close()
  })
}

/** Security: whoever may connect may say that it has verified a user. A Unix socket has its file's mode instead. */
function mayConnect(socket: Socket, peers: AddressList): boolean {
  if (socket.remoteAddress === undefined) return socket.remoteFamily === undefined
  const plain = socket.remoteAddress.replace(/^::ffff:(?=\d+\.)/, '')
  return peers.has(isIPv6(plain) ? plain.replace(/%.*$/, '') : plain)
}
