// The text of the CGI script that `postern wrap` writes: settings as Python's literals, then the parts of launchers/wrap, so
// that it starts without looking for anything.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchersFolder } from '../transport/launcher-files.ts'

export interface WrapSettings {
  readonly application: string
  /** Absolute; it runs the script itself. */
  readonly python: string
  /** Words that start the server, up to where it listens; the first is an absolute path. */
  readonly command: readonly string[]
  /** Undefined: one in /tmp, of whoever runs the script. */
  readonly stateFolder: string | undefined
  /** Undefined: what the web server says. */
  readonly mount: string | undefined
  readonly passedVariables: readonly string[]
  readonly passedEnvironment: readonly string[]
  /** Of the server and its workers. */
  readonly environment: readonly (readonly [name: string, value: string])[]
  readonly development: boolean
  /** Seconds in which nothing comes or goes, after which the server is given up. Undefined: none. */
  readonly limitSeconds: number | undefined
}

/** Of launchers/wrap, one behind the other. */
const parts = ['request.py', 'server.py', 'exchange.py']

/** Throws TypeError for an interpreter that no `#!` line can name. */
export function wrapScript(settings: WrapSettings): string {
  const { application, python, command, stateFolder, mount, development, limitSeconds } = settings
  const values = `\
APPLICATION = ${bytesLiteral(application)}
COMMAND = ${listLiteral(command)}
FOLDER = ${stateFolder === undefined ? 'None' : bytesLiteral(stateFolder)}
MOUNT = ${mount === undefined ? 'None' : bytesLiteral(mount)}
PASSED = ${listLiteral(settings.passedVariables)}
PASSED_ENVIRONMENT = ${listLiteral(settings.passedEnvironment)}
ENVIRONMENT = [${settings.environment.map((pair) => `(${pair.map(bytesLiteral).join(', ')})`).join(', ')}]
DEVELOPMENT = ${development ? 'True' : 'False'}
LIMIT = ${limitSeconds ?? 'None'}
`
  const name = nameOf(application, values)
  const folder = stateFolder === undefined ? '/tmp/postern-wrap-UID' : bytesLiteral(stateFolder).slice(2, -1)
  return `${interpreterLine(python)}
# Written by \`postern wrap\`, for ${bytesLiteral(application).slice(2, -1)}. Make it a program: chmod 755
# The first request starts a server, which stays until it is idle. Its log: ${folder}/${name}.log
# Load the application afresh: touch this file.

NAME = ${bytesLiteral(name)}
${values}
${parts.map((part) => readFileSync(join(launchersFolder(), 'wrap', part), 'utf8')).join('')}`
}

/** `-I`: nothing of the environment, of the folder or of the user's. `-S`: no site-packages, which take time. */
const pythonFlags = '-IS'
/** Older kernels cut the line there. */
const longestLine = 127

function interpreterLine(python: string): string {
  const line = `#!${python} ${pythonFlags}`
  if (/^[\x21-\x7e]+$/.test(python) && line.length <= longestLine) return line
  if (/['\\\p{Cc}]/u.test(python)) throw new TypeError(`no script can begin with ${JSON.stringify(python)}`)
  // To a shell it is a command, to Python a text.
  return `#!/bin/sh\n''''exec '${python}' ${pythonFlags} "$0" "$@" # '''`
}

/** For the names of the socket and the log: who reads them knows the application, and other settings are another server. */
function nameOf(application: string, values: string): string {
  const [module = ''] = application.split(':', 1)
  const known = (module.replace(/\.py$/, '').split('/').at(-1) ?? '').replaceAll(/[^A-Za-z0-9_.]/g, '').slice(0, 20)
  return `${known}-${createHash('sha256').update(values).digest('hex').slice(0, 10)}`
}

function listLiteral(words: readonly string[]): string {
  return `[${words.map((word) => bytesLiteral(word)).join(', ')}]`
}

/** ASCII alone, on one line: whatever the text holds, it ends where it ends, and Python's own encoding does not matter. */
export function bytesLiteral(text: string): string {
  const bytes = Array.from(Buffer.from(text, 'utf8'), (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  )
  return `b'${bytes.join('')}'`
}
