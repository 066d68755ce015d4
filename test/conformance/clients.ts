// One client for each frontend: a request in, an answer out, with nothing added that the case did not ask for.

import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { createGateway, folder, serve, type GatewayOptions, type Observer } from '../../src/index.ts'
import { bytesOf } from '../../src/bytes/byte-string.ts'
import { limits, pickLimits } from '../../src/config/limits.ts'
import type { TemporarySite } from '../support/temporary-site.ts'
import type { CaseRequest, Family, FamilyOptions, FrontendName, OpenAnswer } from './case.ts'

export interface Client extends AsyncDisposable {
  readonly url: string
  open(request: CaseRequest & { readonly target: string }): Promise<OpenAnswer>
}

type ClientMaker = (family: Family, site: TemporarySite, observe: Observer) => Promise<Client>

export const clients: Readonly<Record<FrontendName, ClientMaker>> = {
  http: async (family, site, observe) => {
    const server = await serve(site.root, { ...optionsOf(family, site), port: 0, observe })
    return { url: server.url, open: overSocket(server.url), [Symbol.asyncDispose]: () => server.destroy() }
  },

  node: async (family, site, observe) => {
    const gateway = makeGateway(family, site, observe)
    const { user, mount } = family
    const handler = gateway.node(user === undefined ? {} : { user: () => user })
    const server = createServer({ requireHostHeader: false }, (request, response) => {
      if (mount !== undefined) mountLikeExpress(request, mount)
      handler(request, response)
    })
    server.on('checkContinue', handler)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
    const close = async (): Promise<void> => {
      server.closeAllConnections()
      server.close()
      await gateway[Symbol.asyncDispose]()
    }
    return { url, open: overSocket(url), [Symbol.asyncDispose]: close }
  },

  fetch: async (family, site, observe) => {
    const gateway = makeGateway(family, site, observe)
    const { user, mount } = family
    const url = 'http://127.0.0.1:8080/'
    const context = { ...(user === undefined ? {} : { user }), ...(mount === undefined ? {} : { mount }) }
    const open: Client['open'] = async (asked) => {
      const gone = new AbortController()
      const answer = await gateway.fetch(fetchRequest(url, asked, gone.signal), context)
      return {
        status: answer.status,
        reason: answer.statusText,
        fields: [...answer.headers],
        body: answer.body ?? nothing(),
        leave: () => gone.abort(new Error('the client goes away')),
      }
    }
    return { url, open, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() }
  },
}

function optionsOf({ options = {} }: Family, site: TemporarySite): FamilyOptions {
  return typeof options === 'function' ? options(site) : options
}

function makeGateway(family: Family, site: TemporarySite, observe: Observer): ReturnType<typeof createGateway> {
  const ofGateway = new Set<string>(['dev', 'serverName', 'allowedHosts', 'trustedProxies'])
  const { authorizer, ...options } = optionsOf(family, site)
  const entries = Object.entries(options).filter(([name]) => !Object.hasOwn(limits, name))
  const folderOptions = Object.fromEntries(entries.filter(([name]) => !ofGateway.has(name)))
  const gatewayOptions: GatewayOptions = {
    ...Object.fromEntries(entries.filter(([name]) => ofGateway.has(name))),
    // Those of a server of its own are the http frontend's alone.
    ...pickLimits(options, 'script', 'program', 'upstream', 'gateway'),
  }
  const to = folder(site.root, folderOptions)
  const route = authorizer === undefined ? { path: '/', to } : { path: '/', to, authorizer }
  const routes = family.routes?.(site) ?? [route]
  return createGateway({ ...gatewayOptions, observe, routes })
}

/** Express cuts the mount off `url`, and keeps the whole in `originalUrl`. */
function mountLikeExpress(request: IncomingMessage, mount: string): void {
  const originalUrl = request.url ?? '/'
  const rest = originalUrl.slice(mount.length)
  Object.assign(request, { originalUrl, baseUrl: mount, url: rest.startsWith('/') ? rest : `/${rest}` })
}

function overSocket(url: string): Client['open'] {
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

function fetchRequest(url: string, asked: CaseRequest & { readonly target: string }, signal: AbortSignal): Request {
  const { method = 'GET', target, fields = [], body, chunked = false } = asked
  const headers = new Headers()
  for (const [name, value] of fields) headers.append(name, value)
  if (body !== undefined && !chunked && !headers.has('content-length'))
    headers.set('content-length', String(body.length))
  const init: RequestInit = { method, headers, signal, redirect: 'manual' }
  return new Request(url.slice(0, -1) + target, body === undefined ? init : { ...init, body: bytesOf(body) })
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function pairs(raw: readonly string[]): [string, string][] {
  const fields: [string, string][] = []
  for (let at = 0; at < raw.length; at += 2) fields.push([(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? ''])
  return fields
}
