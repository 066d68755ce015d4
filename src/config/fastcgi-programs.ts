// From options to executors of FastCGI programs that we start ourselves: `.fcgi` files, and php-cgi.

import { byteStringOfText } from '../bytes/byte-string.ts'
import type { Executor } from '../executors/executor.ts'
import { FastCgiFilesExecutor, PhpExecutor, type FastCgiProgramSettings } from '../executors/fastcgi-programs.ts'
import { findPhp } from '../transport/fastcgi-programs/find-php.ts'
import { ProgramGuard } from '../transport/fastcgi-programs/guard.ts'
import { chooseSpawner } from '../transport/spawner.ts'
import { inherited, limited, type DestinationContext } from './executors.ts'
import { byteMap } from './script-policy.ts'
import { pickLimits, readLimits, type LimitValues } from './limits.ts'
import type { FolderOptions, ScriptOptions } from './options.ts'

/** Security: names of PHP's source text that are not run; sent, they would be read (CVE-2026-27590 and kin). */
export const phpSources: readonly string[] = '.phtml .phar .phps .pht .inc .php3 .php4 .php5 .php7 .php8'.split(' ')

export function filesExecutor(
  options: ScriptOptions,
  context: DestinationContext,
  words: readonly string[] = [],
): Executor {
  const values = valuesOf(options, context)
  const executor = new FastCgiFilesExecutor(settingsOf(options, values, context), words.map(byteStringOfText))
  context.onRestart?.(() => executor.restart())
  return limited(executor, values)
}

export function phpExecutor(options: FolderOptions, context: DestinationContext): Executor {
  const values = valuesOf(options, context)
  const { php = 'on', phpSettings = {} } = options
  const name = php === 'on' ? 'php-cgi' : php
  const executor = new PhpExecutor({
    settings: settingsOf(options, values, context),
    find: () => findPhp(name, process.env['PATH'] ?? ''),
    name,
    words: Object.entries(phpSettings).flatMap(([setting, value]) => ['-d', byteStringOfText(`${setting}=${value}`)]),
  })
  context.onRestart?.(() => executor.restart())
  // What no process is there for waits here.
  return limited(executor, { ...values, maxRunning: Math.min(values.maxRunning, values.maxProcesses) })
}

function valuesOf(options: ScriptOptions, { limits }: DestinationContext): LimitValues {
  const values = readLimits({ ...limits, ...pickLimits(options, 'script', 'program') })
  const { minProcesses, maxProcesses } = values
  if (maxProcesses < 1 || minProcesses > maxProcesses) {
    throw new TypeError(`maxProcesses is ${maxProcesses}: it is at least 1 and at least minProcesses`)
  }
  return values
}

function settingsOf(
  options: ScriptOptions,
  values: LimitValues,
  { observe }: DestinationContext,
): FastCgiProgramSettings {
  const { spawner, native } = chooseSpawner()
  return {
    spawner,
    native,
    observe,
    guard: new ProgramGuard(spawner),
    environment: new Map([...inherited(options.passEnv ?? []), ...byteMap(options.env ?? {})]),
    min: values.minProcesses,
    max: values.maxProcesses,
    idleTimeoutMs: values.processIdleTimeout,
    maxRequests: values.maxRequests,
    killGraceMs: values.killGrace,
    queueTimeoutMs: values.queueTimeout,
  }
}
