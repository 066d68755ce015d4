// formParts(): a form in motion, field by field in the order of the body, for programs that keep files elsewhere than on
// this machine's disk, or that stop at the first wrong field.

import { asciiLowerCase, bytesOf, type Bytes } from '../bytes/byte-string.ts'
import { brokenOff, FormError, malformed, tooLarge } from './form-error.ts'
import { formSource, type FormRequest } from './form-source.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { resolveFormLimits, type FormLimits } from './limits.ts'
import { MultipartGuard } from './multipart-guard.ts'
import { readHeaderValue } from './parameters.ts'
import { safeName } from './safe-name.ts'
import { splitParts } from './split-parts.ts'
import { UrlencodedDecoder } from './urlencoded.ts'

export interface FormPartsOptions extends Partial<FormLimits> {
  /**
   * The encoding of the page that the form stands on: `utf-8`, which is the default, or another label of the Encoding
   * Standard. What the client says of it (`charset=`, `_charset_`) is not believed.
   */
  readonly charset?: string
}

/** One field, or one file. */
export interface FormPart {
  readonly name: string
  /** As the client sent it; empty where no file was chosen. Undefined: the part is text. Never a path to write to. */
  readonly filename: string | undefined
  /** Of the filename what can be a file's name anywhere. */
  readonly safeName: string
  /** The Content-Type that the client wrote, in small letters, without parameters. It proves nothing. */
  readonly type: string
  /** Over when the next part is asked for; what was not read of it is passed over, and counted all the same. */
  readonly content: AsyncIterable<Uint8Array>
  /** The content as text. */
  readonly text: () => Promise<string>
}

/**
 * Reads a form as it comes. The client is read no faster than the parts are. Throws FormError, where the loop stands;
 * TypeError for options that do not exist and bodies that were read before.
 */
export async function* formParts(request: FormRequest, options: FormPartsOptions = {}): AsyncGenerator<FormPart> {
  const limits = resolveFormLimits(options)
  const decode = decoderOf(options.charset ?? 'utf-8')
  const { contentType, contentEncoding, length, body } = await formSource(request)
  const type = readHeaderValue(contentType ?? '')
  const kind = type?.value
  if (kind !== 'multipart/form-data' && kind !== 'application/x-www-form-urlencoded') throw notAForm(contentType)
  if (contentEncoding !== undefined && asciiLowerCase(contentEncoding) !== 'identity') {
    throw new FormError('not-a-form', 415, 'the form is compressed (Content-Encoding), which is not read here')
  }
  if (length !== undefined && length > limits.maxBodyBytes) throw tooLarge('maxBodyBytes', limits)
  const bounded = new BoundedBody(body, limits)
  if (kind === 'application/x-www-form-urlencoded') {
    yield* urlencodedParts(bounded, limits, decode)
    return
  }
  const boundary = boundaryOf(type?.parameters.get('boundary'))
  for await (const { head, content } of splitParts(bounded, boundary, new MultipartGuard(boundary, limits))) {
    const filename = head.filename === undefined ? undefined : decode(bytesOf(head.filename))
    yield {
      name: decode(bytesOf(head.name)),
      filename,
      safeName: safeName(filename ?? ''),
      type: mediaType(head.type, filename),
      content,
      text: async () => decode(await wholeOf(content)),
    }
  }
}

async function* urlencodedParts(
  body: Bytes,
  limits: FormLimits,
  decode: (bytes: Uint8Array) => string,
): AsyncGenerator<FormPart> {
  const decoder = new UrlencodedDecoder(limits)
  const part = (name: Uint8Array, value: Uint8Array): FormPart => ({
    name: decode(name),
    filename: undefined,
    safeName: safeName(''),
    type: 'text/plain',
    content: oneChunk(value),
    text: () => Promise.resolve(decode(value)),
  })
  for await (const chunk of body) for (const { name, value } of decoder.push(chunk)) yield part(name, value)
  for (const { name, value } of decoder.end()) yield part(name, value)
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function wholeOf(content: Bytes): Promise<Uint8Array> {
  const whole = new GrowingBytes()
  for await (const chunk of content) whole.add(chunk)
  return whole.take()
}

/** Counts what comes, and says of whatever a source throws that the client has gone. */
class BoundedBody implements Bytes, AsyncIterator<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #limits: FormLimits
  #bytes = 0

  constructor(source: Bytes, limits: FormLimits) {
    this.#source = source[Symbol.asyncIterator]()
    this.#limits = limits
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const result = await this.#source.next().catch((error: unknown) => {
      throw error instanceof TypeError ? error : brokenOff(error)
    })
    if (result.done !== true) this.#bytes += result.value.length
    if (this.#bytes > this.#limits.maxBodyBytes) throw await this.#refuse()
    return result
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    await this.#source.return?.()
    return { done: true, value: undefined }
  }

  async #refuse(): Promise<FormError> {
    await this.return()
    return tooLarge('maxBodyBytes', this.#limits)
  }
}

function notAForm(contentType: string | undefined): FormError {
  const what = contentType === undefined ? 'no Content-Type' : `the Content-Type ${JSON.stringify(contentType)}`
  return new FormError(
    'not-a-form',
    415,
    `the request has ${what}; forms are application/x-www-form-urlencoded and multipart/form-data`,
  )
}

/** RFC 2046 5.1.1: 1 to 70 of these characters, a space not at the end. */
function boundaryOf(boundary: string | undefined): string {
  if (boundary === undefined) throw malformed('its Content-Type has no boundary')
  if (!/^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/.test(boundary)) {
    throw malformed('its boundary is not what RFC 2046 5.1.1 allows: 1 to 70 of some characters')
  }
  return boundary
}

function mediaType(type: string | undefined, filename: string | undefined): string {
  const fallback = filename === undefined ? 'text/plain' : 'application/octet-stream'
  const name = /^[!#$&^_.+\-0-9A-Za-z]+\/[!#$&^_.+\-0-9A-Za-z]+/.exec(type ?? '')?.[0]
  return name === undefined ? fallback : asciiLowerCase(name)
}

/** As URLSearchParams and Request.formData() do: bytes that are none become U+FFFD, and a byte order mark stays. */
function decoderOf(charset: string): (bytes: Uint8Array) => string {
  const decoder = textDecoder(charset)
  if (decoder === undefined) throw new TypeError(`no encoding is called ${JSON.stringify(charset)}`)
  if (decoder.encoding === 'utf-8') return (bytes) => decoder.decode(bytes)
  // In two steps: Node 20 takes windows-1252 for ISO 8859-1 where it is given the whole.
  return (bytes) => decoder.decode(bytes, { stream: true }) + decoder.decode()
}

function textDecoder(charset: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(charset, { ignoreBOM: true })
  } catch {
    return undefined // The Encoding Standard has no such label.
  }
}
