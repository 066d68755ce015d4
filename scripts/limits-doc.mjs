// Writes docs/limits.md from the table in src/config/limits.ts, as it is compiled, and from fixed-bounds.mjs. `--check`
// writes nothing, and exits with 1 where the page is not what it would write.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixedBounds } from './fixed-bounds.mjs'
import { root } from './prepare.mjs'

const { flagOf, limitNames, limits } = await import('../dist/config/limits.js')

const units = { duration: 'milliseconds', grace: 'milliseconds', size: 'bytes', count: 'a count' }

function row(name) {
  const { of, kind, default: value, about } = limits[name]
  return `| \`${flagOf(name)}\` | \`${name}\` | ${of} | \`${value}\` | ${units[kind]} | ${about} |`
}

const { formLimitNames, formLimits } = await import('../dist/forms/limits.js')

function formRow(name) {
  return `| \`${name}\` | ${formLimits[name].default.toLocaleString('en')} | ${formLimits[name].about} |`
}

const graces = limitNames.filter((name) => limits[name].kind === 'grace').map((name) => `\`${name}\``)

const page = `# Limits

Everything that a client or a script could make grow has a bound. This page is made from the code, above all from
the table in [src/config/limits.ts](../src/config/limits.ts): \`npm run build\`, then \`node scripts/limits-doc.mjs\`.

A number is in the unit of its row. Text may say another unit: \`500ms\`, \`30s\`, \`2m\`, \`1h\`; \`5000\`, \`64KiB\`, \`10MB\`,
\`1GiB\`. A duration of \`off\` or 0 is no limit. The times of grace, ${graces.join(' and ')}, cannot be off; 0 is
no grace: the end comes at once.

| Flag | Option of the library | Of | Default | Unit of a number | What is bounded |
|---|---|---|---|---|---|
${limitNames.map(row).join('\n')}

\`postern serve\` and \`serve()\` take all of them but those of workers, which \`postern wsgi\` takes; for it \`maxRequests\` is 0 by default. \`postern run\` takes those that have a meaning for one run; see its
\`--help\`. Elsewhere the library takes a limit where it has an effect, and refuses it with a TypeError where it has none:

| Of | Is taken by |
|---|---|
| script | \`cgi()\`, \`folder()\` and upstreams; \`createGateway()\` as the default of its routes |
| program | \`cgi()\` and \`folder()\`; \`createGateway()\` as the default of its routes |
| worker | \`wsgi()\`, which also takes those of scripts but \`maxRunning\`, and \`maxRequests\` and \`killGrace\`; \`createGateway()\` as the default of its routes |
| upstream | \`fastcgi()\`, \`scgi()\`, \`uwsgi()\` and \`proxy()\`; \`createGateway()\` as the default of its routes |
| gateway | \`createGateway()\` |
| server | \`serve()\` alone |

\`serve()\` of \`postern/app\` takes [those that a handler has](guides/applications.md#limits).

## Forms

What \`readForm()\` and \`formParts()\` of \`postern/forms\` take as options ([the guide](guides/forms.md)). Each holds for both
encodings of forms; more is a \`FormError\` with status 413. \`Infinity\` is no limit. The time that a client may take is the
server’s.

| Option | Default | Of what |
|---|---|---|
${formLimitNames.map(formRow).join('\n')}

## Bounds that have no flag

They keep memory and logs small where another number would help nobody. The numbers are those of the code.

| Bound | Of what | Code |
|---|---|---|
${fixedBounds().join('\n')}
`

const path = join(root, 'docs/limits.md')
if (!process.argv.includes('--check')) {
  writeFileSync(path, page)
} else if (readFileSync(path, 'utf8') !== page) {
  process.stderr.write('docs/limits.md is not what the code says; write it anew: node scripts/limits-doc.mjs\n')
  process.exitCode = 1
}
