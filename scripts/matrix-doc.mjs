// `node scripts/matrix-doc.mjs`: writes docs/matrix.md from what the latest run of the conformance cases counted
// (`npm test -- conformance`, which leaves a file for each cell in build/matrix).

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { cellOf, executorNames, executorsOf, frontendNames, isWhole } = await import(
  join(root, 'build/test/conformance/cell.js')
)
const folder = join(root, 'build/matrix')
const tallies = new Map(
  readdirSync(folder).map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
)

const tallyOf = (frontend, executor) => {
  const tally = tallies.get(`${frontend}-${executor}`)
  if (tally === undefined) throw new Error(`${frontend} × ${executor} has not run: npm test -- conformance`)
  if (tally.failed > 0) throw new Error(`${frontend} × ${executor}: ${tally.failed} cases failed`)
  return tally
}

function cellText(frontend, executor) {
  if (!executorsOf(frontend).includes(executor)) return '–'
  const tally = tallyOf(frontend, executor)
  return isWhole(cellOf(frontend, executor)) ? String(tally.passed) : `${tally.passed} of the core`
}

/** `cgi, fastcgi × every executor; http × function`. */
function cellsText(cells) {
  const byExecutors = new Map()
  for (const frontend of frontendNames) {
    const executors = executorsOf(frontend).filter((executor) => cells.has(`${frontend}-${executor}`))
    if (executors.length === 0) continue
    const text = executors.length === executorsOf(frontend).length ? 'every executor' : executors.join(', ')
    byExecutors.set(text, [...(byExecutors.get(text) ?? []), frontend])
  }
  return [...byExecutors].map(([executors, frontends]) => {
    const rows = frontends.length === frontendNames.length ? 'every frontend' : frontends.join(', ')
    return `${rows} × ${executors}`
  })
}

function reasons() {
  const found = new Map()
  for (const frontend of frontendNames) {
    for (const executor of executorsOf(frontend)) {
      for (const [because, count] of Object.entries(tallyOf(frontend, executor)?.leftOut ?? {})) {
        found.set(because, (found.get(because) ?? new Map()).set(`${frontend}-${executor}`, count))
      }
    }
  }
  return [...found].map(([because, cells]) => {
    const counts = [...cells.values()]
    const [least, most] = [Math.min(...counts), Math.max(...counts)]
    return `| ${because} | ${cellsText(cells).join('; ')} | ${least === most ? most : `${least} to ${most}`} |`
  })
}

const rows = frontendNames.map(
  (frontend) => `| **${frontend}** | ${executorNames.map((executor) => cellText(frontend, executor)).join(' | ')} |`,
)

const text = `# What runs over what

Made by \`node scripts/matrix-doc.mjs\` from a run of \`npm test -- conformance\`; do not edit. One table of cases
([cases.ts](../test/conformance/cases.ts)) runs over every cell of frontends (who asks) and executors (who answers). A number is of the cases that passed there; nothing failed.

| | ${executorNames.join(' | ')} |
|---|${executorNames.map(() => '---').join('|')}|
${rows.join('\n')}

The row of http and the columns of process and of application run all cases that they can express, and so does one cell of
each language of warm. The other cells run a core, to save time: the first two cases of each family, and those that are marked
([cell.ts](../test/conformance/cell.ts)).

- **process** starts a program for each request, **warm** forks it from an interpreter: of Python and of Perl, by turns.
- **fastcgi**, **scgi**, **uwsgi** and **http** ask a second gateway of ours, which has the site and starts the programs.
  **function** is a handler that asks such a gateway by its \`fetch\`. What other people's servers and applications make of
  our bytes is tested in [test/peers](../test/peers).
- **application** is no executor: there \`postern/app\` stands in front in the place of a gateway, and its handler asks a
  gateway by its \`fetch\`. No program embeds an application.
- The clients of **fastcgi**, **scgi** and **uwsgi** are sockets that speak as web servers do
  ([clients](../test/conformance/clients)). That of **cgi** gives the variables and both streams to the gateway in the same
  process: a process for each request would take longer than all the rest.

## What is left out

A case that a cell cannot express is left out there, for one of these reasons.

| Because | Cells | Cases in each |
|---|---|---|
${reasons().join('\n')}
`

writeFileSync(join(root, 'docs/matrix.md'), text)
