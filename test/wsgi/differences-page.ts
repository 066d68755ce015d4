// docs/wsgi-differences.md, made from the list of differences.

import { servers, type Section } from './differences/difference.ts'

export function differencesPage(sections: readonly Section[], cases: number): string {
  const parts = sections.map(
    ({ title, differences }) => `## ${title}

| | The rule | Postern | gunicorn | uWSGI | waitress | Why |
|---|---|---|---|---|---|---|
${differences
  .map(({ what, rule, servers: said, why }) => row(what, rule, ...servers.map((server) => said[server] ?? ''), why))
  .join('\n')}
`,
  )
  return `# Where WSGI servers differ from PEP 3333

The same ${cases} cases of PEP 3333, and of the RFCs beneath it, are played over \`postern wsgi\`, gunicorn 20.1 (threads),
uWSGI 2.0 (its HTTP router) and waitress 2.1, each otherwise as it comes. What is expected is what the PEP says, not what
any server does. These are the differences, all of them; an empty cell: it keeps the rule. Some of these servers are meant to
stand behind another one, which makes good a part of it.

This page is made from \`test/wsgi/differences/\` by the test beside it, which fails when a difference is missing here or no
longer there: \`POSTERN_WRITE_DOCS=1 npm test -- wsgi/peers\` writes it anew.

${parts.join('\n')}`
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
