// The client of the fetch frontend: nobody listens, a Request is handed over.

import { bytesOf } from '../../../src/bytes/byte-string.ts'
import type { CaseRequest } from '../case.ts'
import { nobodyListens, type Client, type ClientMaker } from './client.ts'

export const overFetch: ClientMaker = (gateway, { user, mount }) => {
  const context = { ...(user === undefined ? {} : { user }), ...(mount === undefined ? {} : { mount }) }
  const open: Client['open'] = async (asked) => {
    const gone = new AbortController()
    const answer = await gateway.fetch(fetchRequest(nobodyListens, asked, gone.signal), context)
    return {
      status: answer.status,
      reason: answer.statusText,
      fields: [...answer.headers],
      body: answer.body ?? nothing(),
      leave: () => gone.abort(new Error('the client goes away')),
    }
  }
  return Promise.resolve({ url: nobodyListens, open, [Symbol.asyncDispose]: () => Promise.resolve() })
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
