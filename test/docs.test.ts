// Holds what the documents say: pages made from the code are fresh, links lead somewhere, flags exist.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { program } from '../src/cli/program.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const documents: readonly string[] = [
  join(root, 'README.md'),
  join(root, 'CONTRIBUTING.md'),
  ...markdownBelow('docs'),
  ...markdownBelow('changes'),
]

function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, folder, name))
}

/** Code is not prose: a link in it is an example. */
const fence = /^ *```[^\n]*\n([^]*?)^ *```/gm
const indented = /^ {4}[^\n]*$/gm

function proseOf(text: string): string {
  return text.replace(fence, '').replace(/`[^`]*`/g, '')
}

/** Lines of code blocks, with continued lines joined, and code in prose. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(fence)].map((match) => match[1] ?? '')
  const rest = text.replace(fence, '')
  const lines = [...blocks, ...(rest.match(indented) ?? [])].flatMap((block) =>
    block.replaceAll(/\\\n\s*/g, '').split('\n'),
  )
  const spans = [...rest.matchAll(/`([^`]+)`/g)].map((match) => (match[1] ?? '').replaceAll(/\s+/g, ' '))
  return [...lines.map((line) => line.trim()), ...spans]
}

/** As GitHub makes it of a heading. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replace(fence, '').matchAll(/^#+ +(.+)$/gm)].map((match) => match[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

const helpOf = new Map(program().commands.map((command) => [command.name(), command.helpInformation()]))

function flagsIn(text: string): string[] {
  return text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []
}

/** The command that a line of code calls, and the flags that it is given there; no command: a flag alone in prose. */
function flagsGiven(code: string): { readonly command: string | undefined; readonly flags: readonly string[] } {
  const call = /(?:\bpostern|\bdist\/cli\/main\.js) (serve|run|doctor|bridge|wsgi|init)\b([^|;&#]*)/.exec(code)
  if (call !== null) return { command: call[1], flags: flagsIn(call[2] ?? '') }
  const start = /^npm start -- ([^|;&#]*)/.exec(code)
  if (start !== null) return { command: 'serve', flags: flagsIn(start[1] ?? '') }
  return { command: undefined, flags: code.startsWith('--') ? flagsIn(code).slice(0, 1) : [] }
}

test('docs: limits.md is what the table of limits and the constants of the code say', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/limits-doc.mjs'), '--check'], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
})

test('docs: every relative link points to a file that exists, and to a heading of it', () => {
  const broken = documents.flatMap((document) =>
    [...proseOf(readFileSync(document, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(document, link))
      .map((link) => `${relative(root, document)}: ${link}`),
  )
  assert.deepEqual(broken, [])
})

function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? document : join(dirname(document), path)
  if (!existsSync(target)) return false
  return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).has(anchor)
}

test('docs: every flag of the command that is named exists in its help', () => {
  const helps = [...helpOf.values()].join('\n')
  const unknown = documents.flatMap((document) =>
    codeOf(readFileSync(document, 'utf8')).flatMap((code) => {
      const { command, flags } = flagsGiven(code)
      const help = command === undefined ? helps : (helpOf.get(command) ?? '')
      const known = new Set(flagsIn(help))
      return flags.filter((flag) => !known.has(flag)).map((flag) => `${relative(root, document)}: ${flag} in ${code}`)
    }),
  )
  assert.deepEqual(unknown, [])
})
