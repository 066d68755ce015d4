// Programs that flags name: a typo is told at the start, not by the first request.

import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { byteStringOfText } from '../bytes/byte-string.ts'
import { mayStart } from '../transport/may-start.ts'

/** Throws TypeError for what cannot be started. */
export function checkProgram(flag: string, path: string): void {
  const stat = statSync(resolve(path), { throwIfNoEntry: false })
  if (stat === undefined) throw new TypeError(`${flag}: there is no file ${path}`)
  if (!stat.isFile()) throw new TypeError(`${flag}: ${path} is no file`)
  if (!mayStart(byteStringOfText(resolve(path)), stat.mode)) {
    throw new TypeError(`${flag}: ${path} is not executable by this user; chmod +x makes it so`)
  }
}

const versionMs = 10_000

/** Throws TypeError for what does not speak FastCGI on its descriptor 0, as php-cgi does. */
export function checkPhp(flag: string, path: string): void {
  checkProgram(flag, path)
  if (/cgi/i.test(basename(path))) return
  const { stdout } = spawnSync(resolve(path), ['-v'], {
    encoding: 'utf8',
    timeout: versionMs,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const kind = /^PHP \S+ \(([\w-]+)\)/m.exec(stdout ?? '')?.[1]
  if (kind === undefined || kind === 'cgi-fcgi') return
  throw new TypeError(
    `${flag}: ${path} is PHP’s ${kind}, which cannot run pages; give it the path of php-cgi, or fastcgi:ADDRESS of a php-fpm`,
  )
}
