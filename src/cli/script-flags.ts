// Flags that say how scripts are run, as the library's options.

import { pickLimits, type LimitOptions } from '../config/limits.ts'
import type { AuthorizerOptions, ScriptOptions } from '../config/options.ts'

/** As commander gives them; only those that were given. */
export interface ScriptFlags extends LimitOptions {
  readonly env?: readonly string[]
  readonly passEnv?: readonly string[]
  readonly passAuthorization?: boolean
  readonly passField?: readonly string[]
  readonly searchWords?: boolean
  readonly preload?: readonly string[]
  readonly pythonCgi?: 'on' | 'off'
}

/** Throws TypeError for an `--env` without a "=". */
export function scriptOptions(flags: ScriptFlags): ScriptOptions {
  return {
    ...programOptions(flags),
    passAuthorization: flags.passAuthorization ?? false,
    searchWords: flags.searchWords ?? false,
  }
}

/** Of them, what an authorizer has too. */
export function programOptions(flags: ScriptFlags): AuthorizerOptions {
  return {
    ...pickLimits(flags, 'script', 'program'),
    env: Object.fromEntries((flags.env ?? []).map(readVariable)),
    passEnv: flags.passEnv ?? [],
    passFields: flags.passField ?? [],
    ...(flags.preload === undefined ? {} : { preload: flags.preload }),
    pythonCgi: flags.pythonCgi ?? 'on',
  }
}

export function readVariable(text: string): [name: string, value: string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new TypeError(`--env takes NAME=VALUE, such as --env LANG=C.UTF-8, not ${JSON.stringify(text)}`)
  return [text.slice(0, equals), text.slice(equals + 1)]
}
