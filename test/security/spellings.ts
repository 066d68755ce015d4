// Every spelling of a path that has got somebody the source of a script, somewhere, some day.

import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { typed } from './support.ts'

export const programs: readonly string[] = [
  'cgi-bin/run.sh',
  'cgi-bin/config.inc',
  'cgi-bin/data.txt',
  'cgi-bin/page.html',
  'cgi-bin/lib/helper.pm',
  'tool.cgi',
  'UPPER.CGI',
  'CGI-BIN/run.sh',
  'app/cgi-bin/run.sh',
  'app/Cgi-Bin/deep/run.sh',
  'sub/index.cgi',
  'disabled.cgi',
]

export const spellings: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `/${path.toUpperCase()}`,
  (path) => `/${path.toLowerCase()}`,
  (path) => `//${path.replaceAll('/', '//')}`,
  (path) => `/./${path.replaceAll('/', '/./')}`,
  (path) => `/x/../${path}`,
  (path) => `/cgi-bin/../${path}`,
  (path) => `/%2e/${path}`,
  (path) => `/${path.replace(/[a-z]/i, (letter) => `%${letter.charCodeAt(0).toString(16)}`)}`,
  (path) =>
    `/${Array.from(path)
      .map((letter) => (letter === '/' ? letter : `%${letter.charCodeAt(0).toString(16)}`))
      .join('')}`,
  (path) => `/${path.replaceAll('/', '%2f')}`,
  (path) => `/${path.replaceAll('/', '%5c')}`,
  (path) => `/${path.replaceAll('/', '\\')}`,
  ...[
    '/',
    '//',
    '/.',
    '/./',
    '/..',
    '/../',
    '.',
    '..',
    '%20',
    '%20%20',
    '+',
    '%2e',
    ';',
    ';a=b',
    ':',
    '::$DATA',
    '::%24DATA',
    '~',
    '%00',
    '%00.txt',
    '%0a',
    '%09',
    '?',
    '?raw',
    '%3f',
    '#',
    '%23',
    '.bak',
    '/.txt',
    '/x.txt',
    '%20/',
    './',
    '%2f',
    '%5c',
    '\\',
    '%c0%80',
    '%80',
    '"',
    "'",
    '*',
  ].map((end) => (path: string) => `/${path}${end}`),
  (path) => `http://a/${path}`,
  (path) => `http://other//${path}/.`,
]

/** A script's output never holds this line of its source. */
export const marker = 'S0URCE'
export const script: string = `#!/bin/sh\n# ${marker}\n${typed}echo "ran $SCRIPT_NAME"\n`

/** A folder `www` with all of `programs`, and a page beside them. */
export function siteOfPrograms(): TemporarySite {
  const files = Object.fromEntries(
    programs.map((path) => [`www/${path}`, /\.(sh|cgi)$/i.test(path) ? script : `${marker}\n`]),
  )
  const site = temporarySite({ ...files, 'www/index.html': 'home\n' })
  site.add('www/disabled.cgi', script, 0o644)
  return site
}
