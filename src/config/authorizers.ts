// `authorizer`: from options to who decides who may pass (FastCGI 6.3).

import { resolve } from 'node:path'
import { byteStringOfText } from '../bytes/byte-string.ts'
import type { Authorizer, ScriptPolicy } from '../gateway/destination.ts'
import { parseUpstreamAddress } from '../transport/upstream-address.ts'
import { processExecutor } from './destinations.ts'
import { limited, type DestinationContext } from './executors.ts'
import { fastCgiUpstream } from './fastcgi-upstream.ts'
import { pickLimits, readLimits, type UpstreamLimitOptions } from './limits.ts'
import {
  authorizerSchema,
  checkOptions,
  fastCgiAuthorizerSchema,
  type AuthorizerOptions,
  type PolicyOptions,
} from './options.ts'
import { byteMap } from './script-policy.ts'

/** An authorizer in the making. Nothing is opened before a gateway takes it. */
export type AuthorizerMaker = (context: DestinationContext) => Authorizer

/** Of an application that plays the part of FCGI_AUTHORIZER. */
export type FastCgiAuthorizerOptions = UpstreamLimitOptions & Pick<PolicyOptions, 'passFields' | 'untyped' | 'env'>

/**
 * Who decides who may pass (docs/guides/authorizers.md): a program that is run as CGI for each request, or a FastCGI
 * application at `unix:/path` or `HOST:PORT`. Throws TypeError for an option or address that cannot be.
 */
export function authorizer(where: { readonly script: string }, options?: AuthorizerOptions): AuthorizerMaker
export function authorizer(where: { readonly fastcgi: string }, options?: FastCgiAuthorizerOptions): AuthorizerMaker
export function authorizer(
  where: { readonly script: string } | { readonly fastcgi: string },
  options: AuthorizerOptions | FastCgiAuthorizerOptions = {},
): AuthorizerMaker {
  return 'script' in where ? programAuthorizer(where.script, options) : fastCgiAuthorizer(where.fastcgi, options)
}

function programAuthorizer(script: string, options: AuthorizerOptions): AuthorizerMaker {
  checkOptions(authorizerSchema, options, 'authorizer()')
  const path = byteStringOfText(resolve(script))
  return ({ limits, observe }) => ({
    path,
    scriptFilename: path,
    answers: 'cgi',
    // As libfcgi tells its applications, so that one program can play both parts.
    policy: policyOf(options, [['FCGI_ROLE', 'AUTHORIZER']]),
    executor: processExecutor(options, { ...limits, ...pickLimits(options, 'script', 'program') }, observe),
  })
}

function fastCgiAuthorizer(address: string, options: FastCgiAuthorizerOptions): AuthorizerMaker {
  checkOptions(fastCgiAuthorizerSchema, options, 'authorizer()')
  const parsed = parseUpstreamAddress(address)
  return ({ limits }) => {
    const values = readLimits({ ...limits, ...pickLimits(options, 'script', 'upstream') })
    return {
      path: byteStringOfText(`fastcgi:${address}`),
      scriptFilename: undefined,
      answers: 'cgi',
      policy: policyOf(options, []),
      executor: limited(fastCgiUpstream(parsed, values, { role: 'authorizer' }), values),
    }
  }
}

function policyOf(
  { passFields = [], untyped = 'refuse', env = {} }: Pick<PolicyOptions, 'passFields' | 'untyped' | 'env'>,
  more: readonly (readonly [string, string])[],
): Pick<ScriptPolicy, 'passFields' | 'untyped' | 'variables'> {
  return {
    passFields: new Set(passFields.map((name) => name.toLowerCase())),
    untyped,
    variables: new Map([...byteMap(env), ...more]),
  }
}
