// The answer of a script: policies before it, the run, and what its head says is to follow: a document, a local redirect
// (RFC 3875 6.2.2), or a file to be sent in its place (send-file.ts).

import type { ByteString } from '../bytes/byte-string.ts'
import type { GatewayFailure } from '../events/failures.ts'
import type { Program } from '../executors/executor.ts'
import { baseName, folderName } from '../files/file-path.ts'
import { searchWords } from '../protocol/cgi/search-words.ts'
import { asAuthorizer, plainPath } from './authorizer-variables.ts'
import type { ScriptResolution } from './destination.ts'
import type { Answer } from './error-answer.ts'
import type { Exchange } from './exchange.ts'
import type { FailedAnswers } from './failed-answers.ts'
import { metaVariables, ofRequestAlone, variablesBytes, type Origin, type RedirectedFrom } from './meta-variables.ts'
import { StreamedBody, type PreparedBody } from './request-body.ts'
import type { AdmittedFields } from './request-policy.ts'
import { documentAnswer, drain, hearOut, leaveUnheard } from './script-document.ts'
import { startRun, type HeadForm } from './script-run.ts'
import { askedFile, type SendFile } from './send-file.ts'
import { wholeAnswer } from './whole-answer.ts'

export interface ScriptLimits {
  readonly maxResponseHeadBytes: number
  readonly maxVariablesBytes: number
  /** What Retry-After says with 503. */
  readonly retryAfterSeconds: number
}

export interface ScriptRequest {
  readonly admitted: AdmittedFields
  readonly resolution: ScriptResolution
  readonly origin: Origin
  readonly method: string
  readonly query: ByteString
  readonly body: PreparedBody
  readonly redirectedFrom: RedirectedFrom | undefined
  /** Variables that the route's authorizer gives it. */
  readonly granted: ReadonlyMap<string, ByteString>
}

/** An answer, or the target of a local redirect for the gateway to follow. */
export type ScriptOutcome = { readonly answer: Answer } | { readonly redirectTo: ByteString }

export class ScriptAnswers {
  readonly #limits: ScriptLimits
  readonly #failed: FailedAnswers
  readonly #sendFile: SendFile

  constructor(limits: ScriptLimits, failed: FailedAnswers, sendFile: SendFile) {
    this.#limits = limits
    this.#failed = failed
    this.#sendFile = sendFile
  }

  async answer(exchange: Exchange, request: ScriptRequest): Promise<ScriptOutcome> {
    const { id, facts, observe } = exchange
    const { resolution, body } = request
    const script = resolution.path
    const { admitted, origin, method, query, redirectedFrom, granted } = request
    for (const { name, why } of admitted.dropped) observe({ type: 'field-dropped', id, name, why })
    const variables = metaVariables({
      id,
      facts,
      origin,
      resolution,
      method,
      query,
      redirectedFrom,
      fieldVariables: admitted.variables,
      granted,
      bodyLength: body.length,
    })
    if (facts.part?.role === 'authorizer') {
      const path = resolution.scriptName + resolution.pathInfo
      asAuthorizer(variables, plainPath(path.split('/').slice(1)))
    }
    const { maxResponseHeadBytes, maxVariablesBytes } = this.#limits
    const refuse = (status: number, cause: string): ScriptOutcome => ({
      answer: this.#failed.refuse(exchange, status, { cause }),
    })
    if (variablesBytes(variables) > maxVariablesBytes) {
      return refuse(431, `the meta-variables take more than ${maxVariablesBytes} bytes`)
    }

    const { isInterpreted } = resolution
    const form = headForm(resolution)
    const started = await startRun(
      exchange,
      resolution.executor,
      {
        variables,
        ofRequestAlone: ofRequestAlone(facts, resolution.policy, granted),
        body: body.body,
        bodyLength: body.length ?? 0,
        program: programOf(resolution, method, query),
        part: facts.part,
      },
      { id, script, form },
      {
        readWhole:
          form === 'cgi'
            ? (output) => wholeAnswer(output, { method, script, maxHeadBytes: maxResponseHeadBytes })
            : undefined,
        onLate: (run) => void hearOut(exchange, { run, script, isInterpreted }),
      },
    )
    if (started.kind === 'whole') return { answer: started.whole }
    const fail = (failure: GatewayFailure, heard = '', outputStart = ''): ScriptOutcome => {
      if (started.kind === 'running') started.run.end()
      // A program that ends at its start may have said why before it was given this request.
      const stderrTail = heard === '' && 'lastWords' in failure ? (failure.lastWords ?? '') : heard
      const evidence = { failure, script, isInterpreted, stderrTail, outputStart }
      return { answer: this.#failed.fail(exchange, evidence, variables) }
    }
    if (started.kind === 'failed') return fail(started.failure)
    const { run } = started
    const streamed = body.body instanceof StreamedBody ? body.body : undefined
    if (streamed !== undefined) streamed.onFault = () => run.end(streamed.fault)
    if (streamed?.fault !== undefined) run.end(streamed.fault)
    const result = await run.readHead(maxResponseHeadBytes)
    if (result.kind === 'failed' && streamed?.fault !== undefined && !facts.signal.aborted) {
      run.end()
      return refuse(streamed.fault.status, streamed.fault.message)
    }
    if (result.kind === 'failed') {
      if (facts.signal.aborted) return fail({ kind: 'client-gone' })
      if (exchange.isShuttingDown()) return fail({ kind: 'shutting-down' })
      return fail(result.failure, result.stderrTail, result.outputStart)
    }
    const { head } = result
    if (head.kind === 'local-redirect' && head.location !== undefined) {
      await drain(run.body(), run)
      return { redirectTo: head.location }
    }
    const asked = askedFile(exchange, head, resolution.policy.sendRoots)
    if (asked !== undefined) {
      leaveUnheard(exchange, { run, script, isInterpreted })
      return { answer: await this.#sendFile.answer(exchange, { asked, head, method, script, variables }) }
    }
    const { untyped } = resolution.policy
    const answer = await documentAnswer(exchange, { script, isInterpreted, method, untyped, head, run })
    return 'kind' in answer ? fail(answer) : { answer }
  }
}

function programOf(
  { scriptFilename, policy }: ScriptResolution,
  method: string,
  query: ByteString,
): Program | undefined {
  if (scriptFilename === undefined) return undefined
  return {
    path: scriptFilename,
    folder: folderName(scriptFilename),
    words: policy.searchWords && /^(GET|HEAD)$/.test(method) ? searchWords(query) : [],
  }
}

function headForm({ path, answers }: ScriptResolution): HeadForm {
  if (answers !== 'nph-by-name') return answers
  return baseName(path).startsWith('nph-') ? 'nph' : 'cgi'
}
