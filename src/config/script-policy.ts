// From options to what scripts are told, and believed in their answers.

import { byteStringOfText, type ByteString } from '../bytes/byte-string.ts'
import { SendRoots } from '../files/send-roots.ts'
import type { ScriptPolicy } from '../gateway/destination.ts'
import type { PolicyOptions } from './options.ts'

/** Throws TypeError for a folder that is not there. */
export function policyOf(
  options: PolicyOptions,
  { searchWords, passAuthorization }: Pick<ScriptPolicy, 'searchWords' | 'passAuthorization'>,
): ScriptPolicy {
  return {
    searchWords,
    passAuthorization: options.passAuthorization ?? passAuthorization,
    passFields: new Set((options.passFields ?? []).map((name) => name.toLowerCase())),
    untyped: options.untyped ?? 'refuse',
    variables: byteMap(options.env ?? {}),
    sendRoots: new SendRoots({ roots: options.sendfileRoots ?? [], locations: options.accel ?? {} }),
  }
}

export function byteMap(record: Readonly<Record<string, string>>): ReadonlyMap<string, ByteString> {
  return new Map(Object.entries(record).map(([name, value]) => [name, byteStringOfText(value)]))
}
