// docs/differences.md, made from the list of differences.

import type { Section } from './differences/difference.ts'

export function differencesPage(sections: readonly Section[], requests: number): string {
  const parts = sections.map(
    ({ title, differences }) => `## ${title}

| | Apache | Postern | Why |
|---|---|---|---|
${differences.map(({ what, apache, postern, why }) => row(what, apache, postern, why)).join('\n')}
`,
  )
  return `# Where Postern differs from Apache

The same programs and files are served by Apache httpd 2.4 (event MPM, mod_cgid, otherwise as it comes) and by Postern
(\`postern serve\` without options), and get the same ${requests} requests. What programs are told, and what clients get,
is compared; these are the differences, all of them. In everything else the two agree.

This page is made from \`test/peers/differences/\` by the test beside it, which fails when a difference is missing here
or no longer there: \`POSTERN_WRITE_DOCS=1 npm test -- peers\` writes it anew.

${parts.join('\n')}`
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
