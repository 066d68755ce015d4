// What a form can be read from: a web Request, a request of node:http as Express has it, or a body with its type.

import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Bytes } from '../bytes/byte-string.ts'

/** `IncomingMessage` is one, also that of Express, Koa (`ctx.req`), Fastify (`request.raw`) and node:http2. */
export type NodeRequest = Readable & { readonly headers: IncomingHttpHeaders }

export interface BodyWithType {
  readonly contentType: string
  readonly body: AsyncIterable<Uint8Array>
}

export type FormRequest = Request | NodeRequest | BodyWithType

export interface FormSource {
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  /** As announced. */
  readonly length: number | undefined
  readonly body: Bytes
}

/**
 * Throws TypeError where somebody has read the body before. What a request does not need is not loaded: a program that is
 * started for each request, as CGI has it, pays for every module.
 */
export async function formSource(request: FormRequest): Promise<FormSource> {
  if ('contentType' in request) {
    const { contentType, body } = request
    return { contentType, contentEncoding: undefined, length: undefined, body }
  }
  if ('bodyUsed' in request) {
    const { headers, body } = request
    if (request.bodyUsed) throw alreadyRead()
    return {
      contentType: headers.get('content-type') ?? undefined,
      contentEncoding: headers.get('content-encoding') ?? undefined,
      length: announced(headers.get('content-length') ?? undefined),
      body: body === null ? nothing() : new (await import('../transport/web-streams.ts')).StreamChunks(body),
    }
  }
  if (request.readableDidRead || request.readableEnded) throw alreadyRead()
  return {
    contentType: request.headers['content-type'],
    contentEncoding: request.headers['content-encoding'],
    length: announced(request.headers['content-length']),
    // To destroy it would break the connection off before its client has been told what was wrong.
    body: { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) },
  }
}

function alreadyRead(): TypeError {
  return new TypeError('the body has been read already: read the form before anything else that parses bodies')
}

/** Security: CVE-2026-53540: a length that is none must not be counted with. */
function announced(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
