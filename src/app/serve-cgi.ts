// A CGI program: one request, from the environment and standard input, and its answer on standard output (RFC 3875).

import { writeSync } from 'node:fs'
import { bytesOf } from '../bytes/byte-string.ts'
import { deadlinesOf } from '../config/limits.ts'
import { answerCgi, openStandardOutput, readEnvironment } from '../frontends/cgi.ts'
import { Application } from './application.ts'
import { calleeOf, type Settings } from './application-options.ts'
import { Background } from './background.ts'
import { endSoon } from './end-soon.ts'
import type { Target } from './handler.ts'
import type { Served, ServeOptions } from './serve-options.ts'

const aLongTimeMs = 2 ** 30

export async function serveCgi(target: Target, options: ServeOptions, { limits, origin }: Settings): Promise<Served> {
  // Security: httpoxy, CVE-2016-5385: a field of the client's, where the web server lets it through. Programs take it for
  // the proxy that they are to use.
  delete process.env['HTTP_PROXY']
  const background = new Background()
  const application = new Application(await calleeOf(target), {
    gateway: 'cgi',
    origin,
    deadlines: deadlinesOf(limits),
    maxBodyBytes: limits.maxBody,
    maxTargetBytes: Number.POSITIVE_INFINITY, // The web server has taken it already.
    // RFC 3875 4.1.13: SCRIPT_NAME is this program.
    frontMounts: options.frontMounts ?? true,
    parts: options,
    background,
    log: (line) => void writeSync(2, bytesOf(`${line}\n`)),
  })
  const ended = new AbortController()
  const onEnd = (): void => ended.abort()
  if (options.signals !== false) process.once('SIGTERM', onEnd)
  // A handler may wait for nothing but its signal.
  const alive = setInterval(() => {}, aLongTimeMs)
  const { isWhole } = await answerCgi(
    application,
    {
      variables: readEnvironment(),
      // Not before it is needed.
      get stdin() {
        return process.stdin
      },
      stdout: openStandardOutput(),
      stderr: { write: (bytes: Uint8Array) => writeSync(2, bytes) > 0 },
      passVariables: new Set(),
      bodyTimeoutMs: limits.bodyTimeout,
      minBodyRate: limits.minBodyRate,
    },
    ended.signal,
  )
  if (!isWhole) process.exitCode = 1
  await background.settled(limits.shutdownTimeout)
  clearInterval(alive)
  process.off('SIGTERM', onEnd)
  endSoon()
  return { kind: 'cgi', addresses: [], url: '', close: over, [Symbol.asyncDispose]: over }
}

async function over(): Promise<void> {}
