// `node scripts/spec-coverage.mjs`: writes docs/spec-coverage.md from the titles of the tests; `--check` exits with 1 where
// the file is not what the titles say. Compile the tests first (`npm test -- conformance` does).
// Titles come from four places: the conformance table, the raw wire cases, the table of PEP 3333, and `test('…')` in the
// test files.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = join(root, 'docs/spec-coverage.md')

const names = {
  'RFC 3875': 'The Common Gateway Interface (CGI) Version 1.1',
  'RFC 3986': 'Uniform Resource Identifier (URI): Generic Syntax',
  'RFC 6265': 'HTTP State Management Mechanism',
  'RFC 6455': 'The WebSocket Protocol',
  'RFC 6585': 'Additional HTTP Status Codes',
  'RFC 8615': 'Well-Known Uniform Resource Identifiers',
  'RFC 8941': 'Structured Field Values for HTTP',
  'RFC 9110': 'HTTP Semantics',
  'RFC 9111': 'HTTP Caching',
  'RFC 9112': 'HTTP/1.1',
  'RFC 9113': 'HTTP/2',
  'RFC 9209': 'The Proxy-Status HTTP Response Header Field',
  FastCGI: 'FastCGI Specification',
  SCGI: 'SCGI: A Simple Common Gateway Interface alternative',
  uwsgi: 'The uwsgi Protocol',
  'PEP 3333': 'Python Web Server Gateway Interface v1.0.1',
  CVE: 'Faults of other servers that are tested here',
  Postern: 'What users expect beyond the specifications',
}

async function allTitles() {
  const { families } = await import(join(root, 'build/test/conformance/cases.js'))
  const cases = families.flatMap((family) => family.cases.map(({ title }) => title))
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).toSorted()
  const read = (name) => readFileSync(join(root, 'test', name), 'utf8')
  const wire = files
    .filter((name) => name.endsWith('.http'))
    .map((name) => read(name).split('\n', 1)[0].slice(1).trim())
  const tests = files.filter((name) => name.endsWith('.test.ts')).flatMap((name) => titlesIn(read(name)))
  const { cases: ofPep } = await import(join(root, 'build/test/wsgi/cases.js'))
  return [...cases, ...wire, ...Object.values(ofPep).map(({ title }) => title), ...tests]
}

/** Titles that are made at run time (with `${`) cannot be read here and are left out. */
function titlesIn(source) {
  const call = /^\s*(?:test|it)\(\s*(?:'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\$])*)`)/gm
  return [...source.matchAll(call)].map(([, a, b, c]) => (a ?? b ?? c).replaceAll(/\\(.)/g, '$1'))
}

/** `RFC 9112 6.1, 6.3; CVE-2019-16785: rule` names three places and one rule. */
function parseTitle(title) {
  const reference =
    /^(?:(?:RFC \d+|PEP \d+|FastCGI|SCGI|uwsgi)(?: [A-Z]?[\d.]+(?: [^\d]*)?)?|[\d.]+|CVE-\d+-\d+|Postern)$/
  const colon = title.indexOf(': ')
  if (colon === -1) return { places: [], rule: title }
  const places = []
  let latest
  // The sections of PEP 3333 have names, not numbers.
  const parts = title.slice(0, colon).split('; ')
  for (const part of parts.flatMap((one) => (/^PEP \d+ [A-Za-z]/.test(one) ? [one] : one.split(/, | and /)))) {
    const [, pep, name] = /^(PEP \d+) ([A-Za-z].*)$/.exec(part) ?? []
    if (pep !== undefined) {
      places.push({ specification: pep, section: name })
      continue
    }
    if (!reference.test(part)) return { places: [], rule: title }
    const [, named, section] = /^(?:(RFC \d+|PEP \d+|FastCGI|SCGI|uwsgi) ?)?(.*)$/.exec(part)
    latest = named ?? latest
    if (part.startsWith('CVE')) places.push({ specification: 'CVE', section: part })
    else if (part === 'Postern') places.push({ specification: 'Postern', section: '' })
    else if (latest !== undefined) places.push({ specification: latest, section: /^[A-Z]?[\d.]*/.exec(section)[0] })
  }
  return { places, rule: title.slice(colon + 2) }
}

function tableOf(titles) {
  const table = new Map()
  for (const title of titles) {
    const { places, rule } = parseTitle(title)
    for (const { specification, section } of places) {
      const sections = table.get(specification) ?? new Map()
      sections.set(section, (sections.get(section) ?? new Set()).add(rule))
      table.set(specification, sections)
    }
  }
  return table
}

const order = Object.keys(names)
const byName = ([a], [b]) =>
  (order.indexOf(a) + 1 || 99) - (order.indexOf(b) + 1 || 99) || a.localeCompare(b, 'en', { numeric: true })

const bySection = ([a], [b]) => a.localeCompare(b, 'en', { numeric: true })

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

const countOf = (sections) => [...sections.values()].reduce((sum, rules) => sum + rules.size, 0)

function render(table) {
  const specifications = [...table].toSorted(byName)
  const summary = specifications.map(
    ([name, sections]) =>
      `| ${name} | ${names[name] ?? ''} | ${name === 'Postern' ? '' : sections.size} | ${countOf(sections)} |`,
  )
  const chapters = specifications.map(([name, sections]) => {
    const rows = [...sections]
      .toSorted(bySection)
      .map(([section, rules]) => `| ${section} | ${rules.size} | ${[...rules].map(cell).join('<br>')} |`)
    if (name === 'Postern')
      return [`## ${name}`, '', ...[...(sections.get('') ?? [])].map((rule) => `- ${rule}`)].join('\n')
    return [`## ${name}`, '', '| Section | Rules | What is tested |', '|---|---|---|', ...rows].join('\n')
  })
  return `# What of the specifications is tested

Made by \`node scripts/spec-coverage.mjs\` from the titles of the tests; do not edit. A rule that stands here is a test that
runs. Rules of the conformance table (\`test/conformance\`) run over each frontend that can express them, and once more with
programs started by \`child_process\`. A rule that names several sections is counted in each.

| Specification | | Sections | Rules |
|---|---|---|---|
${summary.join('\n')}

${chapters.join('\n\n')}
`
}

const text = render(tableOf(await allTitles()))
if (!process.argv.includes('--check')) writeFileSync(page, text)
else {
  let current = ''
  try {
    current = readFileSync(page, 'utf8')
  } catch {
    // It was never made.
  }
  if (current !== text) {
    process.stderr.write(
      'docs/spec-coverage.md is not what the titles of the tests say: run `node scripts/spec-coverage.mjs`\n',
    )
    process.exitCode = 1
  }
}
