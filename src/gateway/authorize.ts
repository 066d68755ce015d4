// FastCGI 6.3, the authorizer: asked before anything of its route is given, be it a file or a script. With 200 it lets
// the request pass and may add variables; every other answer is the client's. Whatever goes wrong is no 200.

import type { ByteString } from '../bytes/byte-string.ts'
import { failureOf, type GatewayFailure } from '../events/failures.ts'
import { folderName } from '../files/file-path.ts'
import { reservedVariables, steersPrograms } from '../protocol/cgi/variable-names.ts'
import type { ResponseHead } from '../protocol/cgi/response-kind.ts'
import { asAuthorizer, documentUri } from './authorizer-variables.ts'
import type { Authorizer } from './destination.ts'
import type { Answer } from './error-answer.ts'
import type { Exchange } from './exchange.ts'
import type { FailedAnswers } from './failed-answers.ts'
import { metaVariables, ofRequestAlone, variablesBytes, type Origin, type RedirectedFrom } from './meta-variables.ts'
import { admitFields } from './request-policy.ts'
import { documentAnswer, drain } from './script-document.ts'
import type { ScriptLimits } from './script-answer.ts'
import { startRun, type ScriptRun } from './script-run.ts'

export interface AuthorizerCall {
  readonly origin: Origin
  readonly method: string
  /** Where a local redirect leads, or the request's own target. */
  readonly target: ByteString
  /** Its path, decoded, without dot segments and empty ones: what the gateway goes by. */
  readonly path: ByteString
  readonly query: ByteString
  readonly redirectedFrom: RedirectedFrom | undefined
}

/** `granted`: the variables for the script that follows. */
export type Authorization = { readonly granted: ReadonlyMap<string, ByteString> } | { readonly answer: Answer }

export class Authorizers {
  readonly #limits: ScriptLimits
  readonly #failed: FailedAnswers

  constructor(limits: ScriptLimits, failed: FailedAnswers) {
    this.#limits = limits
    this.#failed = failed
  }

  async ask(exchange: Exchange, authorizer: Authorizer, call: AuthorizerCall): Promise<Authorization> {
    const { id, facts } = exchange
    const { path: script, answers: form, policy, executor, scriptFilename } = authorizer
    const refuse = (status: number, cause: string): Authorization => ({
      answer: this.#failed.refuse(exchange, status, { cause }),
    })
    const admitted = admitFields(facts.fields, { passAuthorization: true, passFields: policy.passFields })
    if ('rejected' in admitted) return refuse(400, admitted.rejected)
    const variables = authorizerVariables(exchange, authorizer, call, admitted.variables)
    const { maxVariablesBytes, maxResponseHeadBytes } = this.#limits
    if (variablesBytes(variables) > maxVariablesBytes) {
      return refuse(431, `the meta-variables take more than ${maxVariablesBytes} bytes`)
    }
    const request = {
      variables,
      ofRequestAlone: new Set([...requestNames, ...ofRequestAlone(facts, policy, nothing)]),
      body: new Uint8Array(0),
      bodyLength: 0,
      program:
        scriptFilename === undefined
          ? undefined
          : { path: scriptFilename, folder: folderName(scriptFilename), words: [] },
    }
    const started = await startRun(exchange, executor, request, { id, script, form })
    const fail = (failure: GatewayFailure, stderrTail = '', outputStart = ''): Authorization => {
      if (started.kind === 'running') started.run.end()
      return { answer: this.#failed.fail(exchange, { failure, script, stderrTail, outputStart }, variables) }
    }
    if (started.kind === 'failed') return fail(started.failure)
    if (started.kind === 'whole') return started.whole // Never: nobody has asked for that.
    const { run } = started
    const result = await run.readHead(maxResponseHeadBytes)
    if (result.kind === 'failed') {
      const failure: GatewayFailure = facts.signal.aborted ? { kind: 'client-gone' } : result.failure
      return fail(failure, result.stderrTail, result.outputStart)
    }
    const { head } = result
    if (head.status === 200) {
      const failure = await ended(run)
      if (facts.signal.aborted) return fail({ kind: 'client-gone' })
      return failure === undefined ? { granted: grantedVariables(exchange, head) } : fail(failure, run.stderrTail)
    }
    const { method } = call
    const { untyped } = policy
    const answer = await documentAnswer(exchange, { script, isInterpreted: false, method, untyped, head, run })
    return 'kind' in answer ? fail(answer) : { answer }
  }
}

const requestNames = [documentUri]
const nothing: ReadonlyMap<string, ByteString> = new Map()

function authorizerVariables(
  { id, facts }: Exchange,
  { path, scriptFilename, policy, executor }: Authorizer,
  { origin, method, target, path: documentPath, query, redirectedFrom }: AuthorizerCall,
  fieldVariables: ReadonlyMap<string, ByteString>,
): ReadonlyMap<string, ByteString> {
  const variables = metaVariables({
    id,
    facts,
    origin,
    method,
    query,
    redirectedFrom,
    fieldVariables,
    granted: nothing,
    bodyLength: undefined,
    resolution: {
      kind: 'script',
      path,
      scriptFilename,
      scriptName: '',
      pathInfo: '',
      documentRoot: undefined,
      answers: 'cgi',
      policy: { ...policy, searchWords: false, passAuthorization: true },
      executor,
      isInterpreted: false,
      hidesPathTranslated: false,
      wantsBodyLate: false,
      parts: undefined,
    },
  })
  asAuthorizer(variables, documentPath)
  // Security: what it judges must be what would be given, also after a local redirect.
  if (redirectedFrom !== undefined) variables.set('REQUEST_URI', target)
  return variables
}

/**
 * Security: a program that writes its head first and thinks afterwards must not let anybody pass by dying. So a 200
 * counts when the program has ended, and ended well.
 */
async function ended(run: ScriptRun): Promise<GatewayFailure | undefined> {
  try {
    await drain(run.body(), run)
  } catch (error) {
    return failureOf(error)
  }
  const ending = await run.endedWithin(endMs)
  if (ending === undefined) return { kind: 'timed-out', phase: 'idle', afterMs: endMs }
  const { exitCode, signal } = ending
  // Where nobody could wait for a program, its whole output is all that is known.
  if (exitCode === 0 || signal === 'unknown') return undefined
  return { kind: 'authorizer-died', exitCode, signal }
}

/** How long an authorizer may go on after its output has ended. */
const endMs = 10_000

/** FastCGI 6.3: each field `Variable-NAME: value` becomes the variable NAME. */
function grantedVariables({ id, observe }: Exchange, { fields }: ResponseHead): ReadonlyMap<string, ByteString> {
  const granted = new Map<string, ByteString>()
  for (const [name, value] of fields) {
    const variable = /^variable-(.*)$/i.exec(name)?.[1]
    if (variable === undefined) continue
    const why = refusalOf(variable)
    if (why === undefined) granted.set(variable, value)
    else observe({ type: 'field-dropped', id, name, why })
  }
  return granted
}

/** Security: an authorizer says who the client is and what it may; it does not pretend another request. */
function refusalOf(name: string): string | undefined {
  if (name === 'REMOTE_USER' || name === 'AUTH_TYPE') return undefined
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(name)) return 'it is not the name of a variable'
  if (reservedVariables.has(name) || /^(?:HTTP_|REDIRECT_)/i.test(name)) return 'the variable is the gateway’s own'
  return steersPrograms(name) ? 'the variable tells programs what to load or run' : undefined
}
