// Clients that are web servers in front: each connects to a listener of the gateway and speaks its protocol.

import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesOf, type Bytes } from '../../../src/bytes/byte-string.ts'
import { pickLimits } from '../../../src/config/limits.ts'
import { encodeBeginRequest, encodeNameValues, encodeStream, encodeStreamEnd } from '../../../src/fastcgi.ts'
import { protocolStatuses, recordTypes, roles, ServerSide } from '../../../src/fastcgi.ts'
import { encodeScgiHead } from '../../../src/scgi.ts'
import { encodeUwsgiPacket } from '../../../src/uwsgi.ts'
import { nobodyListens, type Client, type ClientMaker } from './client.ts'
import { readAnswer } from './server-answer.ts'
import { serverVariables, type Asked, type PathStyle } from './server-variables.ts'

interface Spoken {
  readonly style: PathStyle
  /** The request as it goes over the wire. */
  readonly encode: (variables: Map<string, string>, body: Uint8Array, asked: Asked) => readonly Uint8Array[]
  /** What of the connection's bytes is the answer. */
  readonly output: (socket: Socket) => Bytes
}

const spoken: Readonly<Record<'fastcgi' | 'scgi' | 'uwsgi', Spoken>> = {
  fastcgi: {
    style: 'script-name',
    encode: (variables, body) => {
      const { params, stdin } = recordTypes
      const values = encodeNameValues([...variables])
      return [
        encodeBeginRequest(1, { role: roles.responder, keepsConnection: false }),
        ...encodeStream(params, 1, values),
        encodeStreamEnd(params, 1),
        ...encodeStream(stdin, 1, body),
        encodeStreamEnd(stdin, 1),
      ]
    },
    output: fastCgiOutput,
  },
  scgi: {
    style: 'document-uri',
    encode: (variables, body) => [encodeScgiHead(withLength(variables, body)), body],
    output: received,
  },
  uwsgi: {
    style: 'path-info',
    encode: (variables, body, { body: sent }) => [
      encodeUwsgiPacket(sent === undefined ? variables : withLength(variables, body)),
      body,
    ],
    output: received,
  },
}

/** FastCGI alone can leave the length open; others read the whole body first, as servers do. */
function withLength(variables: Map<string, string>, body: Uint8Array): Map<string, string> {
  return new Map(variables).set('CONTENT_LENGTH', String(body.length))
}

/** What came before a connection was reset counts; a stream of Node throws that away. */
async function* received(socket: Socket): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = []
  let wake: (() => void) | undefined
  let failure: Error | undefined
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    socket.pause()
    wake?.()
  })
  socket.on('error', (error) => {
    failure = error
  })
  // Where a reset comes with the last bytes, libuv says "end". Only a connection that was not reset takes one byte more.
  socket.on('end', () => {
    socket.write('x', (error) => {
      failure ??= error ?? undefined
      socket.destroy()
    })
  })
  socket.on('close', () => wake?.())
  for (;;) {
    const chunk = chunks.shift()
    if (chunk !== undefined) {
      socket.resume()
      yield chunk
    } else if (failure !== undefined) {
      throw failure
    } else if (socket.closed) {
      return
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}

async function* fastCgiOutput(socket: Socket): AsyncGenerator<Uint8Array> {
  const side = new ServerSide()
  side.begin()
  for await (const chunk of received(socket)) {
    for (const event of side.push(chunk)) {
      if (event.kind === 'stdout') yield event.content
      if (event.kind !== 'end') continue
      if (event.end.protocolStatus !== protocolStatuses.requestComplete) throw new Error('the request was not complete')
      return
    }
  }
  throw new Error('the connection ended before the request did')
}

export function overServer(protocol: keyof typeof spoken): ClientMaker {
  const { style, encode, output } = spoken[protocol]
  return async (gateway, { user }, options) => {
    // A Unix socket cannot be reset, so that the end of a body that was broken off would look like any other.
    const isUnix = protocol === 'fastcgi'
    const path = join(tmpdir(), `postern-${randomBytes(6).toString('hex')}.sock`)
    const listener = await gateway.listen(
      `${protocol}:${isUnix ? `unix:${path}` : '127.0.0.1:0'}`,
      pickLimits(options, 'server'),
    )
    const [address = ''] = listener.addresses
    const port = Number(/:(\d+)$/.exec(address)?.[1])
    const open: Client['open'] = async (asked) => {
      const socket = isUnix
        ? connect({ path, allowHalfOpen: true })
        : connect({ host: '127.0.0.1', port, allowHalfOpen: true })
      const variables = serverVariables(asked, style, user)
      for (const part of encode(variables, bytesOf(asked.body ?? ''), asked)) socket.write(part)
      return readAnswer(output(socket), asked.method ?? 'GET', () => socket.destroy())
    }
    const close = async (): Promise<void> => {
      await listener.destroy()
      if (isUnix) rmSync(path, { force: true })
    }
    return { url: nobodyListens, open, [Symbol.asyncDispose]: close }
  }
}
