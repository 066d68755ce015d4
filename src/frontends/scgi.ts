// The scgi frontend: a web server asks us by SCGI, one request a connection.

import type { ByteString } from '../bytes/byte-string.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { ScgiHeadDecoder } from '../protocol/scgi/request.ts'
import type { Frontend } from './frontend.ts'
import { listenForServers, type GatewayFrontendOptions } from './gateway-socket.ts'
import { OneRequestConnection, type OneRequestHead } from './one-request.ts'

export function listenScgi(gateway: Pick<Gateway, 'handle'>, options: GatewayFrontendOptions): Promise<Frontend> {
  return listenForServers((socket, notices) => {
    const decoder = new ScgiHeadDecoder(options.maxVariablesBytes)
    const protocol = {
      name: 'SCGI',
      statusForm: 'field',
      push: (chunk: Uint8Array) => read(decoder, chunk),
    } as const
    return new OneRequestConnection(gateway, socket, protocol, options, notices)
  }, options)
}

function read(decoder: ScgiHeadDecoder, chunk: Uint8Array): OneRequestHead | undefined {
  const head = decoder.push(chunk)
  return head === undefined ? undefined : { variables: withWholeLength(head.variables), rest: head.rest }
}

/**
 * nginx with `scgi_request_buffering off` says in CONTENT_LENGTH how much it has read so far, often 0, and sends all the
 * same. The client's own field has the truth; uploads would be cut short in silence.
 */
function withWholeLength(variables: ReadonlyMap<string, ByteString>): ReadonlyMap<string, ByteString> {
  const sent = variables.get('HTTP_CONTENT_LENGTH') ?? ''
  if (!/^\d{1,15}$/.test(sent) || Number(sent) <= Number(variables.get('CONTENT_LENGTH'))) return variables
  return new Map([...variables, ['CONTENT_LENGTH', sent]])
}
