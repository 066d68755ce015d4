// What the error page adds in development: cause and mend, how the script ended, what it wrote, what it was told.

import { textOf, type ByteString } from '../bytes/byte-string.ts'
import type { Diagnosis } from '../events/events.ts'
import type { GatewayFailure } from '../events/failures.ts'
import { visible, visibleBytes, visibleLines } from './diagnosis/show.ts'
import { markup, type Html } from './html.ts'

export interface DevelopmentDetails {
  readonly diagnosis?: Diagnosis | undefined
  readonly script?: ByteString | undefined
  readonly failure?: GatewayFailure | undefined
  /** Text. */
  readonly stderrTail?: string | undefined
  readonly outputStart?: ByteString | undefined
  /** The meta-variables. */
  readonly variables?: ReadonlyMap<string, ByteString> | undefined
  /** Milliseconds of each step, by its name. */
  readonly timings?: ReadonlyMap<string, number> | undefined
}

/** Security: what proves who somebody is does not belong on a page that is shown around for help. */
const secret = /AUTHORIZATION|COOKIE|PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY/

export function developmentSections(details: DevelopmentDetails): Html[] {
  const { diagnosis, stderrTail = '', outputStart = '', variables } = details
  const sections: Html[] = []
  if (diagnosis !== undefined) sections.push(why(diagnosis))
  const facts = factsOf(details)
  if (facts.length > 0) {
    const rows = facts.map(([name, value]) => markup`<dt>${name}</dt><dd class="mono">${value}</dd>\n`)
    sections.push(markup`<dl>${rows}</dl>\n`)
  }
  if (stderrTail !== '') {
    const lines = visibleLines(stderrTail.trimEnd())
    sections.push(markup`<h2>The end of its standard error</h2>\n<pre class="wide" tabindex="0">${lines}</pre>\n`)
  }
  if (outputStart !== '') {
    const lines = outputLines(outputStart)
    sections.push(markup`<h2>The beginning of its output</h2>\n<pre tabindex="0">${lines}</pre>\n`)
  }
  if (variables !== undefined && variables.size > 0) {
    const rows = [...variables].map(([name, value]) => row(name, value))
    sections.push(markup`<h2>The meta-variables that it was given</h2>\n<table>${rows}</table>\n`)
  }
  return sections
}

function why({ rule, cause, mend }: Diagnosis): Html {
  return markup`<section class="why"><h2>Why <span class="rule">${visible(rule)}</span></h2><p>${withCode(cause)}</p>
<h2 class="mend">What to do</h2><p>${withCode(mend)}</p></section>\n`
}

/** Commands stand between backticks. */
function withCode(text: string): Html[] {
  return visibleLines(text)
    .split('`')
    .map((part, index, parts) => {
      const isCode = index % 2 === 1 && index < parts.length - 1
      return isCode ? markup`<code>${part}</code>` : markup`${index % 2 === 1 ? `\`${part}` : part}`
    })
}

function factsOf({ script, failure, timings }: DevelopmentDetails): (readonly [string, string])[] {
  const facts: (readonly [string, string])[] = []
  if (script !== undefined && script !== '') facts.push(['Script', visibleBytes(script, 4096)])
  if (failure !== undefined) facts.push(['Failure', failureText(failure)])
  for (const [name, ms] of timings ?? []) facts.push([name, `${ms.toFixed(1)} ms`])
  return facts
}

function failureText(failure: GatewayFailure): string {
  const parts: string[] = [failure.kind.replaceAll('-', ' ')]
  if ('code' in failure && failure.code !== undefined) parts.push(visible(failure.code))
  if ('fault' in failure) parts.push(failure.fault.replaceAll('-', ' '))
  if ('afterMs' in failure) parts.push(`after ${failure.afterMs / 1000} s`)
  if ('exitCode' in failure && failure.exitCode !== null) parts.push(`exit code ${failure.exitCode}`)
  if ('signal' in failure && failure.signal !== null) parts.push(`killed by ${visible(failure.signal)}`)
  return parts.join(', ')
}

/** Line ends are shown, because they are so often what is wrong. */
function outputLines(output: ByteString): Html[] {
  const lines = textOf(output).split('\n')
  return lines.map((line, index) => {
    const shown = visible(line, 2048)
    return index === lines.length - 1 ? markup`${shown}` : markup`${shown}<i>\\n</i>\n`
  })
}

function row(name: string, value: ByteString): Html {
  const cell = secret.test(name)
    ? markup`<td class="hidden">hidden, ${value.length} bytes</td>`
    : markup`<td class="mono">${visibleBytes(value, 2048)}</td>`
  return markup`<tr><th class="mono">${visible(name)}</th>${cell}</tr>\n`
}
