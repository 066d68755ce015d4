// The uwsgi frontend: a web server asks us by the uwsgi protocol, one request a connection. The answer is one of HTTP,
// status line and all: Apache's mod_proxy_uwsgi takes nothing else, nginx and lighttpd take that too.

import type { Gateway } from '../gateway/gateway.ts'
import { UwsgiPacketDecoder } from '../protocol/uwsgi/packet.ts'
import type { Frontend } from './frontend.ts'
import { listenForServers, type GatewayFrontendOptions } from './gateway-socket.ts'
import { OneRequestConnection, type OneRequestHead } from './one-request.ts'

export function listenUwsgi(gateway: Pick<Gateway, 'handle'>, options: GatewayFrontendOptions): Promise<Frontend> {
  return listenForServers((socket, notices) => {
    const decoder = new UwsgiPacketDecoder()
    const protocol = { name: 'uwsgi', statusForm: 'line', push: (chunk: Uint8Array) => read(decoder, chunk) } as const
    return new OneRequestConnection(gateway, socket, protocol, options, notices)
  }, options)
}

function read(decoder: UwsgiPacketDecoder, chunk: Uint8Array): OneRequestHead | undefined {
  const head = decoder.push(chunk)
  if (head === undefined) return undefined
  const { modifier1, variables, rest } = head
  if (modifier1 !== 0) {
    // Security: other numbers are for other things than requests: code to run, files to send, caches to fill.
    const why = `modifier1 is ${modifier1}, and only 0, a request, is answered here`
    return { variables: new Map(), rest: new Uint8Array(0), refused: { status: 500, why } }
  }
  const isChunked = variables.has('HTTP_TRANSFER_ENCODING') && (variables.get('CONTENT_LENGTH') ?? '') === ''
  if (isChunked) {
    const why = 'a body without CONTENT_LENGTH, which the uwsgi protocol cannot say the end of'
    return { variables, rest, refused: { status: 411, why } }
  }
  return { variables, rest }
}
