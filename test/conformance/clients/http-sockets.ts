// Clients that speak HTTP over a socket: to a listener of the gateway, and to a server of node:http that embeds it.

import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { bytesOf } from '../../../src/bytes/byte-string.ts'
import { pickLimits } from '../../../src/config/limits.ts'
import type { Client, ClientMaker } from './client.ts'

export const overHttpListener: ClientMaker = async (gateway, _, options) => {
  const listener = await gateway.listen('http:127.0.0.1:0', pickLimits(options, 'server'))
  const [url = ''] = listener.addresses
  return { url, open: overSocket(url), [Symbol.asyncDispose]: () => listener.destroy() }
}

export const overNode: ClientMaker = async (gateway, { user, mount }) => {
  const handler = gateway.node(user === undefined ? {} : { user: () => user })
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    if (mount !== undefined) mountLikeExpress(request, mount)
    handler(request, response)
  })
  server.on('checkContinue', handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
  const close = (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    return Promise.resolve()
  }
  return { url, open: overSocket(url), [Symbol.asyncDispose]: close }
}

/** Express cuts the mount off `url`, and keeps the whole in `originalUrl`. */
function mountLikeExpress(request: IncomingMessage, mount: string): void {
  const originalUrl = request.url ?? '/'
  const rest = originalUrl.slice(mount.length)
  Object.assign(request, { originalUrl, baseUrl: mount, url: rest.startsWith('/') ? rest : `/${rest}` })
}

export function overSocket(url: string): Client['open'] {
  const { hostname, port } = new URL(url)
  return ({ method = 'GET', target, fields = [], body, chunked = false }) =>
    new Promise((resolve, reject) => {
      const given = new Set(fields.map(([name]) => name.toLowerCase()))
      const headers = fields.flat()
      if (!given.has('host')) headers.unshift('Host', `${hostname}:${port}`)
      if (body !== undefined && chunked) headers.push('Transfer-Encoding', 'chunked')
      else if (body !== undefined && !given.has('content-length')) headers.push('Content-Length', String(body.length))
      headers.push('Connection', 'close')
      const request = httpRequest({ hostname, port, method, path: target, headers, agent: false })
      // The server may answer, and close, before it has read all; the answer counts.
      request.on('error', reject)
      request.once('response', (response) => {
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          fields: pairs(response.rawHeaders),
          body: response,
          leave: () => request.destroy(),
        })
      })
      if (body === undefined) request.end()
      else request.end(bytesOf(body))
    })
}

function pairs(raw: readonly string[]): [string, string][] {
  const fields: [string, string][] = []
  for (let at = 0; at < raw.length; at += 2) fields.push([(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? ''])
  return fields
}
