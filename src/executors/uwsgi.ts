// The uwsgi executor: a request to a uWSGI server, which answers in HTTP, or as a CGI program does. Security:
// CVE-2020-11984: the one packet that holds all variables is measured, never cut or wrapped.

import type { GatewayRequest } from './executor.ts'
import { encodeUwsgiPacket, longestPacket, PacketTooLarge, type UwsgiModifiers } from '../protocol/uwsgi/packet.ts'
import { SocketExecutor, type EncodedHead, type SocketExecutorOptions } from './socket-exchange.ts'

export interface UwsgiExecutorOptions extends SocketExecutorOptions {
  readonly modifiers: UwsgiModifiers
}

export class UwsgiExecutor extends SocketExecutor {
  constructor(options: UwsgiExecutorOptions) {
    super(options, (request) => encode(request, options.modifiers))
  }
}

function encode({ variables }: GatewayRequest, modifiers: UwsgiModifiers): EncodedHead {
  try {
    return { bytes: encodeUwsgiPacket(variables, modifiers) }
  } catch (error) {
    if (!(error instanceof PacketTooLarge)) throw error
    const { bytes, largest: variable } = error
    return { failure: { kind: 'variables-too-large', bytes, limit: longestPacket, variable } }
  }
}
