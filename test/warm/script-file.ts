// Reads a script of the differential suite: its name, its bytes, and the request that its first comments ask for. The
// format stands in README.md.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { byteStringOf, textOf, type ByteString } from '../../src/bytes/byte-string.ts'

export interface ScriptFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly method: string
  /** What follows the script's own path: `/extra/path?a=b`. */
  readonly extra: string
  readonly body: ByteString | undefined
  readonly isLengthKnown: boolean
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly variables: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string | boolean>>
  readonly isRandom: boolean
  /** It is always started afresh, as its `#!` line or its variables are. */
  readonly isAlwaysCold: boolean
  /** Whether its ending is compared; not where it may or may not come before the gateway has had enough of it. */
  readonly isEndingSure: boolean
  /** What they match is left out, and the line with it where nothing else is in it. */
  readonly strips: readonly RegExp[]
  readonly masks: readonly RegExp[]
  /** Files and folders of `with/` that are put beside it. */
  readonly beside: readonly string[]
  /** Its path in its own folder. */
  readonly at: string
  /** The path of a link to it, which is then what the request names. */
  readonly link: string | undefined
}

const known = new Set([
  'request',
  'body',
  'length',
  'header',
  'env',
  'option',
  'runs',
  'ending',
  'accepted',
  'strip',
  'mask',
  'with',
  'at',
  'link',
  'warm',
])

/** None where the folder is not there. */
export function readScriptFiles(folder: string, extensions: readonly string[]): readonly ScriptFile[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => extensions.some((extension) => name.endsWith(extension)))
    .toSorted()
    .map((name) => readScriptFile(name, readFileSync(join(folder, name))))
}

/** Throws TypeError, with the file's name, where a comment is none that it knows. */
export function readScriptFile(name: string, bytes: Uint8Array): ScriptFile {
  const lines = byteStringOf(bytes).split(/\r?\n/)
  const end = lines.findIndex((line, index) => index > 0 && !/^(?:#|\/\/)/.test(line))
  const head = lines.slice(1, end === -1 ? undefined : end)
  const settings = head.flatMap((line) => readSetting(name, line))
  const all = (key: string): string[] => settings.filter(([of]) => of === key).map(([, value]) => value)
  const one = (key: string): string | undefined => all(key)[0]
  const [method = 'GET', extra = ''] = (one('request') ?? '').split(' ').filter(Boolean)
  const body = one('body')
  return {
    name,
    bytes,
    method,
    extra: extra === '/' ? '' : extra,
    body: body === undefined ? undefined : unescape(body),
    isLengthKnown: one('length') !== 'unknown',
    fields: all('header').map((text) => split(name, text, ': ')),
    variables: Object.fromEntries(all('env').map((text) => split(name, textOf(text), '='))),
    options: Object.fromEntries(all('option').map((text) => readOption(split(name, text, '=')))),
    isRandom: one('runs') === 'random',
    isAlwaysCold: one('warm') === 'never',
    isEndingSure: one('ending') !== 'any',
    strips: all('strip').map((text) => new RegExp(text, 'gm')),
    masks: all('mask').map((text) => new RegExp(text, 'gm')),
    beside: all('with'),
    at: one('at') ?? name,
    link: one('link'),
  }
}

/** `# name: value`, or `// name: value`; other comments mean nothing here, but one that looks like a setting must be one. */
function readSetting(file: string, line: string): readonly (readonly [name: string, value: string])[] {
  const match = /^(?:#|\/\/) ([a-z-]+): (.*)$/.exec(line)
  if (match === null) return []
  const [, key = '', value = ''] = match
  if (!known.has(key)) throw new TypeError(`${file}: ${JSON.stringify(line)} is no setting of a script`)
  return [[key, value]]
}

function split(file: string, text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  if (at < 1) throw new TypeError(`${file}: ${JSON.stringify(text)} has no ${JSON.stringify(separator)}`)
  return [text.slice(0, at), text.slice(at + separator.length)]
}

function readOption([name, value]: readonly [string, string]): readonly [string, string | boolean] {
  return [name, value === 'true' ? true : value === 'false' ? false : value]
}

const controls: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0', '\\': '\\' }

function unescape(text: string): ByteString {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|\{(\d+)\*([^}]*)\}|([rnt0\\]))/gi,
    (_, hex?: string, count?: string, repeated?: string, control?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      if (count !== undefined) return (repeated ?? '').repeat(Number(count))
      return controls[control ?? ''] ?? ''
    },
  )
}
