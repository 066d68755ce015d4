// Forms for the tests: bodies as clients write them, cut as the test says, and what reading them gives.

import { readdirSync, readFileSync } from 'node:fs'
import { FormFile, readForm, type BodyWithType, type FormOptions, type FormRequest } from '../../src/forms.ts'

export const boundary = 'bound-x'

export interface Part {
  readonly name: string
  readonly filename?: string
  readonly type?: string
  readonly content: string | Uint8Array
}

export function head(disposition: string, ...more: readonly string[]): string {
  return [`Content-Disposition: form-data; ${disposition}`, ...more, '', ''].join('\r\n')
}

export function multipart(parts: readonly Part[]): Buffer {
  const texts = parts.flatMap(({ name, filename, type, content }) => [
    `--${boundary}\r\n`,
    head(
      `name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}`,
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ),
    content,
    '\r\n',
  ])
  return Buffer.concat([...texts, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece)))
}

/** One part with this head and content, by characters that are bytes. */
export function onePart(headText: string, content = 'v'): Buffer {
  return Buffer.from(`--${boundary}\r\n${headText}${content}\r\n--${boundary}--\r\n`, 'latin1')
}

export const multipartType = `multipart/form-data; boundary=${boundary}`
export const urlencodedType = 'application/x-www-form-urlencoded'

/** The body in pieces that end where `cuts` say. */
export function request(body: string | Uint8Array, contentType: string, cuts: readonly number[] = []): BodyWithType {
  const bytes = Buffer.from(body)
  return { contentType, body: pieces(bytes, [...cuts, bytes.length]) }
}

async function* pieces(bytes: Buffer, ends: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const end of ends) {
    // A copy that is spoilt afterwards, as a reader's own buffer is.
    const piece = Buffer.from(bytes.subarray(at, end))
    at = end
    if (piece.length > 0) yield piece
  }
}

/** Names with values, a file as [filename, type, content]; the files are gone when it returns. */
export async function read(from: FormRequest, options: FormOptions = {}): Promise<readonly (readonly unknown[])[]> {
  await using form = await readForm(from, options)
  return [...form].map(([name, value]) =>
    value instanceof FormFile
      ? [name, value.filename, value.type, readFileSync(value.path).toString('latin1')]
      : [name, value],
  )
}

export function formFolders(parent: string): string[] {
  return readdirSync(parent).filter((name) => name.startsWith('postern-form-'))
}
