// A file in place of a script's own body: X-Sendfile as lighttpd and Apache's mod_xsendfile have it, X-Accel-Redirect as
// nginx has it. A script is believed only where settings name the folders, and a client never
// (Security: CVE-2025-61780, CVE-2026-7381: request-policy.ts keeps such fields of requests from scripts).

import { textOf, type ByteString } from '../bytes/byte-string.ts'
import type { SendFileFault } from '../events/failures.ts'
import type { SendRoots, Sendable } from '../files/send-roots.ts'
import type { ResponseHead } from '../protocol/cgi/response-kind.ts'
import { judgeConditions, type Validators } from '../protocol/http/conditions.ts'
import { firstValue, type Field } from '../protocol/http/fields.ts'
import type { Answer } from './error-answer.ts'
import type { Exchange } from './exchange.ts'
import { bareEvidence, type FailedAnswers } from './failed-answers.ts'
import type { FileAnswers } from './file-answers.ts'
import { admitResponseFields } from './response-policy.ts'

/** What a script asked for, judged as far as its folders go. */
export interface AskedFile {
  readonly line: ByteString
  readonly sendable: Sendable
}

/**
 * Undefined: the script did not ask, or nobody listens to it, which the log is told once. Only with status 200, as
 * mod_xsendfile has it: with another status a file would be an answer to something else.
 */
export function askedFile(
  { id, observe }: Exchange,
  head: ResponseHead,
  roots: SendRoots | undefined,
): AskedFile | undefined {
  const asked = head.fields.filter(([name, value]) => value !== '' && askingFields.test(name))
  const [first] = asked
  if (first === undefined) return undefined
  const [name, value] = first
  const ignored = (why: string): undefined => {
    observe({ type: 'field-dropped', id, name, why })
  }
  const isLocation = /^x-accel/i.test(name)
  if (roots === undefined || !(isLocation ? roots.hasLocations : roots.hasRoots)) {
    return ignored(isLocation ? noLocations : noRoots)
  }
  if (head.status !== 200) return ignored('a file is sent for a script only where its status is 200')
  const line = asked.map((field) => field.join(': ')).join('\n')
  if (asked.length > 1) return { line, sendable: { kind: 'refused', fault: 'repeated' } }
  return { line, sendable: isLocation ? roots.byLocation(value) : roots.byPath(value) }
}

export function asksForFile({ fields }: ResponseHead): boolean {
  return fields.some(([name]) => askingFields.test(name))
}

const askingFields = /^(?:x-sendfile|x-lighttpd-send-file|x-accel-redirect)$/i
const noRoots = 'it asks for a file to be sent, and no folder is named for that: --sendfile-root DIR (sendfileRoots)'
const noLocations = 'it asks for a file to be sent, and no location is named for that: --accel /PREFIX/=DIR (accel)'

export interface SendFileRequest {
  readonly asked: AskedFile
  readonly head: ResponseHead
  readonly method: string
  readonly script: ByteString
  readonly variables: ReadonlyMap<string, ByteString>
}

export class SendFile {
  readonly #files: FileAnswers
  readonly #failed: FailedAnswers
  readonly #isProgram: (realPath: ByteString) => boolean

  /** `isProgram`: whether a route runs the file at this path. */
  constructor(files: FileAnswers, failed: FailedAnswers, isProgram: (realPath: ByteString) => boolean) {
    this.#files = files
    this.#failed = failed
    this.#isProgram = isProgram
  }

  async answer(exchange: Exchange, request: SendFileRequest): Promise<Answer> {
    const { asked, head, method, script, variables } = request
    const { line, sendable } = asked
    const refuse = (fault: SendFileFault): Answer =>
      this.#failed.fail(exchange, bareEvidence({ kind: 'bad-sendfile', fault, line }, script), variables)
    if (sendable.kind === 'refused') return refuse(sendable.fault)
    if (sendable.kind === 'missing') {
      const cause = `there is no file ${textOf(sendable.path)}, which the script asks to be sent`
      return { ...this.#failed.refuse(exchange, 404, { cause }), script }
    }
    const { realPath, stat } = sendable
    // Security: the source of a program is never sent, also where its folder is named for sending.
    if (this.#isProgram(realPath)) return refuse('program')
    const own = ownFields(head)
    const validators = validatorsOf(own)
    const fileMethod = method === 'HEAD' ? 'HEAD' : 'GET'
    // RFC 9110 13.1 and 14.2: of another method's conditions the script itself is the judge.
    const isFetched = method === 'GET' || method === 'HEAD'
    const asks = (name: string): string | undefined =>
      isFetched && fileConditions.has(name) ? firstValue(exchange.facts.fields, name) : undefined
    if (validators === undefined) {
      const answer = await this.#files.send(realPath, stat, { method: fileMethod, header: asks })
      return answer === undefined ? refuse('unreadable') : { ...answer, fields: joined(answer, own), script }
    }
    const verdict = judgeConditions(asks, validators)
    if (verdict === 'not-modified') return { ...bodiless(304), fields: withoutType(own), script }
    if (verdict === 'failed') return { ...bodiless(412), fields: cookies(own), script }
    const header = (name: string): string | undefined =>
      name === 'range' && verdict === 'send' ? asks(name) : undefined
    const answer = await this.#files.send(realPath, stat, { method: fileMethod, header })
    if (answer === undefined) return refuse('unreadable')
    const fields = answer.fields.filter(([name]) => !/^(?:etag|last-modified)$/i.test(name))
    return { ...answer, fields: joined({ ...answer, fields }, own), script }
  }
}

/** Not Accept-Encoding: a compressed copy beside the file is not what the script named. */
const fileConditions = new Set(
  'range if-range if-match if-none-match if-modified-since if-unmodified-since cache-control'.split(' '),
)

/**
 * The script's fields but those of its own body. All the others go on, as from lighttpd and mod_xsendfile; nginx would
 * lose the script's Content-Security-Policy and its like.
 */
function ownFields(head: ResponseHead): readonly Field[] {
  return admitResponseFields(head.fields).filter(([name]) => !ofBody.test(name))
}

const ofBody = /^(?:content-encoding|content-range|content-md5|content-digest|repr-digest|accept-ranges)$/i

/** Where a script has validators of its own, those of the file do not count at all. */
function validatorsOf(own: readonly Field[]): Validators | undefined {
  const [etag, lastModified] = [firstValue(own, 'etag'), firstValue(own, 'last-modified')]
  return etag === undefined && lastModified === undefined ? undefined : { etag, lastModified }
}

/** The file's fields where the script has none of that name. */
function joined({ status, fields }: Pick<Answer, 'status' | 'fields'>, own: readonly Field[]): readonly Field[] {
  // The file's own words on why it is not sent.
  if (status >= 400) return [...fields, ...cookies(own)]
  const kept = status === 304 ? withoutType(own) : own
  const taken = new Set(kept.map(([name]) => name.toLowerCase()))
  return [...kept, ...fields.filter(([name]) => !taken.has(name.toLowerCase()))]
}

function cookies(own: readonly Field[]): readonly Field[] {
  return own.filter(([name]) => /^set-cookie$/i.test(name))
}

/** RFC 9110 15.4.5: a 304 says of the content only what caches need. */
function withoutType(own: readonly Field[]): readonly Field[] {
  return own.filter(([name]) => !/^content-(?:type|disposition|language)$/i.test(name))
}

function bodiless(status: 304 | 412): Answer {
  return { status, fields: [], body: new Uint8Array(0), bodyLength: 0 }
}
