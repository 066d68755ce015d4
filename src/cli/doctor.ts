// `postern doctor FILE…`: what can be said of a script before it runs, and in place of running it.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { byteStringOfText } from '../bytes/byte-string.ts'
import type { Diagnosis } from '../events/events.ts'
import type { GatewayFailure } from '../events/failures.ts'
import { askInterpreter, type Answers } from '../gateway/diagnosis/ask-interpreter.ts'
import { diagnose, examine } from '../gateway/diagnosis/diagnose.ts'
import { inspectScript, type ScriptFacts } from '../gateway/diagnosis/inspect-script.ts'
import type { Language } from '../gateway/diagnosis/interpreter.ts'
import { findPhp } from '../transport/fastcgi-programs/find-php.ts'
import { isPhpPage } from './php-page.ts'
import { modeText, octal, visible, visibleBytes, visibleLines } from '../gateway/diagnosis/show.ts'

type Out = Pick<NodeJS.WriteStream, 'write'>

/** 0: nothing found that would stop a script; 1: problems; 2: a file is missing or cannot be read. */
export async function doctor(paths: readonly string[], out: Out): Promise<number> {
  let worst = 0
  for (const [index, path] of paths.entries()) {
    const { text, code } = await report(path)
    // Security: CVE-2009-4487: nothing that stands in a file reaches the terminal as a command to it.
    out.write(visibleLines(`${index === 0 ? '' : '\n'}${text}\n`))
    worst = Math.max(worst, code)
  }
  return worst
}

async function report(path: string): Promise<{ text: string; code: number }> {
  const looked = inspectScript(byteStringOfText(resolve(path)))
  if (isPhpPage(looked)) return phpReport(path, looked)
  const answers = await askInterpreter(looked)
  const facts = {
    ...looked,
    interpreterVersion: answers.version ?? looked.interpreterVersion,
    missingModules: answers.missingModules,
  }
  const { problems, hints } = examine(facts)
  const all = problems.length === 0 ? unreadable(facts, answers) : problems
  const isFound = facts.lookError === undefined
  const lines = [
    visible(path),
    ...(isFound ? factLines(facts) : []),
    '',
    ...all.flatMap((problem) => findingLines('problem', problem)),
    ...hints.flatMap((hint) => findingLines('hint', hint)),
    ...(all.length === 0 ? ['  Nothing found that would stop it.'] : []),
  ]
  const isUnread = !isFound || (facts.type === 'file' && !facts.readable)
  return { text: lines.join('\n').trimEnd(), code: isUnread ? 2 : Math.min(all.length, 1) }
}

function phpReport(path: string, facts: ScriptFacts): { text: string; code: number } {
  const failure: GatewayFailure = { kind: 'interpreter-missing', interpreter: 'php-cgi' }
  const program = findPhp('php-cgi', process.env['PATH'] ?? '')
  const missing = diagnose({ failure, script: facts.path, stderrTail: '', outputStart: '' }, facts)
  const lines = [
    visible(path),
    ...rowLines([
      ['kind', 'PHP page; it needs no execute permission'],
      ['interpreter', program ?? 'php-cgi, missing'],
    ]),
    '',
    ...(program === undefined ? findingLines('problem', missing) : ['  Nothing found that would stop it.']),
  ]
  return { text: lines.join('\n').trimEnd(), code: program === undefined ? 1 : 0 }
}

/** A script that its interpreter cannot read would end at once, with that message. */
function unreadable(facts: ScriptFacts, { unreadable: said }: Answers): Diagnosis[] {
  if (said === undefined) return []
  const { exitCode, message } = said
  const failure: GatewayFailure = { kind: 'no-response', exitCode, signal: null }
  const { rule, cause, mend } = diagnose({ failure, script: facts.path, stderrTail: message, outputStart: '' }, facts)
  if (rule !== 'failed-with-message' && rule !== 'no-output') return [{ rule, cause, mend }]
  return [
    {
      rule: 'unreadable-source',
      cause: `Its interpreter cannot read it: "${visible(message.trim())}".`,
      mend: 'Correct what it names.',
    },
  ]
}

function factLines(facts: ScriptFacts): string[] {
  const { mode, ownerId, envProgram, interpreter, interpreterVersion } = facts
  const program = envProgram ?? interpreter
  const rows: (readonly [string, string])[] = [['kind', kindText(facts)]]
  if (program !== undefined) {
    const version = interpreterVersion === undefined ? '' : `, version ${interpreterVersion}`
    const where = program.path === undefined ? `${visibleBytes(program.name)}, missing` : visibleBytes(program.path)
    rows.push([facts.shebang === undefined ? 'loader' : 'interpreter', where + version])
  }
  rows.push(['mode', `${octal(mode)} (${modeText(mode)})`], ['owner', ownerText(ownerId)])
  return rowLines(rows)
}

function rowLines(rows: readonly (readonly [string, string])[]): string[] {
  return rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`)
}

function findingLines(word: string, { rule, cause, mend }: Diagnosis): string[] {
  return [`  ${word}: ${rule}`, `    cause  ${cause}`, `    mend   ${mend}`, '']
}

function kindText({ type, kind, foreign, shebang, language, size }: ScriptFacts): string {
  if (type !== 'file') return type === 'folder' ? 'folder' : 'device, socket or pipe'
  if (shebang !== undefined)
    return `${language === undefined ? 'script' : languageNames[language]}, ${visibleBytes(shebang.line)}`
  if (foreign !== undefined) return foreign
  if (kind.machine !== undefined) return `compiled program for ${kind.machine}`
  return kind.form === 'text' ? `text without a #! line, ${size} bytes` : `${kind.form}, ${size} bytes`
}

const languageNames: Readonly<Record<Language, string>> = {
  python: 'Python script',
  perl: 'Perl script',
  php: 'PHP script',
  ruby: 'Ruby script',
  node: 'Node script',
  shell: 'shell script',
}

function ownerText(ownerId: number): string {
  const name = users().find(([, , id]) => Number(id) === ownerId)?.[0]
  return name === undefined ? `user number ${ownerId}` : `${visible(name)} (${ownerId})`
}

function users(): string[][] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
  } catch {
    return [] // A system without that file: numbers serve as well.
  }
}
