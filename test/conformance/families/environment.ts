// RFC 3875 7.2: the process that a script finds itself in: folder, descriptors, signals, environment, arguments.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import type { ConformanceCase, Family } from '../case.ts'
import { notByRequest } from '../left-out.ts'
import { plain, showVariables } from '../scripts.ts'

const needsProc = existsSync('/proc/self/status') ? false : 'needs /proc'
const sockets = 'Node gives its children sockets, which cannot be opened by name'
const inheritedDescriptors = 'what the server itself inherited can be closed for its children by fcntl alone'
const listDescriptors = plain('exec ls -l /proc/self/fd')

/** The folder that is listed is itself open. */
function onlyThree({ body }: { readonly body: string }): void {
  const links = [...body.matchAll(/ (\d+) -> (.*)/g)].filter(([, , to]) => !/^\/proc\/\d+\/fd/.test(to ?? ''))
  assert.deepEqual(
    links.map(([, number]) => number),
    ['0', '1', '2'],
    body,
  )
}

const showArguments = plain('for word in "$@"; do printf "[%s]" "$word"; done')

export const processEnvironment: Family = {
  name: 'the process of a script',
  files: { 'cgi-bin/variables': showVariables, 'cgi-bin/deep/folder/pwd': plain('pwd -P', 'echo "$0"') },
  cases: [
    {
      title: 'RFC 3875 7.2: the working folder is that of the script, and its name is absolute',
      request: { target: '/cgi-bin/deep/folder/pwd' },
      expected: {
        status: 200,
        check: ({ body }, { site }) => {
          const folder = `${site.root}/cgi-bin/deep/folder`
          assert.equal(body, `${folder}\n${folder}/pwd\n`)
        },
      },
    },
    {
      title: 'Postern: a script has the descriptors 0, 1 and 2 and no other',
      skip: needsProc,
      notByChildProcess: inheritedDescriptors,
      script: listDescriptors,
      request: { method: 'POST', body: 'x' },
      expected: { status: 200, check: onlyThree },
    },
    {
      title: 'Postern: a script of a body that lies in a file has no other descriptor either',
      skip: needsProc,
      notByChildProcess: inheritedDescriptors,
      script: listDescriptors,
      request: { method: 'POST', body: 'x'.repeat(300_000), chunked: true },
      expected: { status: 200, check: onlyThree },
    },
    {
      title: 'Postern: a script starts with default signals, none blocked and none ignored',
      skip: needsProc,
      script: plain('grep -E "^Sig(Blk|Ign):" /proc/self/status'),
      expected: {
        status: 200,
        check: ({ body }) => {
          const [blocked, ignored] = [...body.matchAll(/\t([0-9a-f]+)/g)].map(([, bits]) => BigInt(`0x${bits}`))
          // 32 and 33 are glibc's own: its posix_spawn leaves them ignored, and every thread library sets them anew.
          assert.deepEqual([blocked, (ignored ?? 0n) & ~0x1_8000_0000n], [0n, 0n], body)
        },
      },
    },
    {
      title: 'Postern: a script ends by SIGPIPE where its reader goes, as on a command line',
      script: plain('yes | head -n 1', '(yes; echo "yes ended with $?" >&2) | head -n 1'),
      expected: { status: 200, body: 'y\ny\n' },
    },
    {
      title: 'Postern: a script leads a process group of its own',
      skip: needsProc,
      script: plain('set -- $(sed "s/.*) //" /proc/$$/stat)', 'echo "$$ $3"'),
      expected: { status: 200, body: /^(\d+) \1\n$/ },
    },
    {
      title: 'Postern: a script can open /dev/stdin by name',
      notByChildProcess: sockets,
      script: plain('cat /dev/stdin'),
      request: { method: 'POST', body: 'by name' },
      expected: { status: 200, body: 'by name' },
    },
    {
      title: 'Postern: a script can open /dev/stdin by name for a body too large for a pipe',
      notByChildProcess: sockets,
      script: plain('wc -c </dev/stdin'),
      request: { method: 'POST', body: 'x'.repeat(200_000) },
      expected: { status: 200, body: /^ *200000\n$/ },
    },
    {
      title: 'Postern: a script can open /dev/stdin without a body',
      script: plain('cat /dev/stdin', 'echo end'),
      expected: { status: 200, body: 'end\n' },
    },
    {
      title: 'Postern: a script can open /dev/stdout by name',
      notByChildProcess: sockets,
      script: plain('echo by name >/dev/stdout'),
      expected: { status: 200, body: 'by name\n' },
    },
    {
      title: 'Postern: a script can open /dev/stderr by name',
      notByChildProcess: sockets,
      script: plain('echo by name >/dev/stderr'),
      expected: {
        status: 200,
        check: async (_, { events, until }) => {
          await until('the line', () =>
            events.some((event) => event.type === 'diagnostic-line' && event.line === 'by name') ? true : undefined,
          )
        },
      },
    },
    {
      title: 'Postern: the environment of the server stays with the server, but for a short list',
      request: { target: '/cgi-bin/variables' },
      expected: {
        status: 200,
        check: ({ body }) => {
          const names = body.split('\0').map((entry) => entry.slice(0, entry.indexOf('=')))
          const odd = names.filter((name) => !ours.test(name) && name !== '')
          assert.deepEqual(odd, [])
        },
      },
    },
    {
      title: 'Postern: PATH is set',
      request: { target: '/cgi-bin/variables' },
      expected: { status: 200, variables: { PATH: /\/bin/, HOME: null, USER: null } },
    },
    {
      title: 'Postern: no variable stands twice in the environment',
      request: {
        target: '/cgi-bin/variables',
        fields: [
          ['X-A', '1'],
          ['X-A', '2'],
        ],
      },
      expected: {
        status: 200,
        check: ({ body }) => {
          const names = body
            .split('\0')
            .filter((entry) => entry !== '')
            .map((entry) => entry.slice(0, entry.indexOf('=')))
          assert.deepEqual(names.length, new Set(names).size)
        },
      },
    },
    {
      title: 'RFC 3875 4.4: a script has no arguments unless they are asked for (CVE-2012-1823)',
      script: showArguments,
      request: { target: '{script}?one+two' },
      expected: { status: 200, body: '' },
    },
    {
      title: 'Postern: a script may write to the terminal of nobody',
      script: plain('(echo x >/dev/tty) 2>/dev/null && echo tty || echo no tty'),
      skip: process.stdout.isTTY && 'the tests themselves run on a terminal',
      expected: { status: 200, body: 'no tty\n' },
    },
  ],
}

/** RFC 3875 4.1, what users expect beyond it, fields, and what the server hands on of its own. */
const ours =
  /^(AUTH_TYPE|CONTENT_\w+|GATEWAY_INTERFACE|PATH_INFO|PATH_TRANSLATED|QUERY_STRING|REMOTE_\w+|REQUEST_\w+|SCRIPT_\w+|SERVER_\w+|DOCUMENT_ROOT|UNIQUE_ID|REDIRECT_STATUS|HTTP_\w+|PATH|LANG|LC_\w+|TZ|TMPDIR)$/

function words(rule: string, query: string, body: string, more: Partial<ConformanceCase> = {}): ConformanceCase {
  const at = `cgi-bin/words-${rule.replace(/\W+/g, '-')}`
  return {
    ...more,
    title: `RFC 3875 4.4: ${rule}`,
    at,
    script: showArguments,
    request: { target: `{script}?${query}` },
    expected: { status: 200, body },
  }
}

export const searchWords: Family = {
  name: 'the command line of a script',
  options: { searchWords: true },
  cases: [
    words('words of a query without "=" are arguments', 'one+two', '[one][two]'),
    words('words are decoded, each for itself', 'a%20b+c%2Bd', '[a b][c+d]'),
    words(
      'a word with quotes, dollars and semicolons is one argument and no shell’s',
      "a;id+$(id)+'%22",
      `[a;id][$(id)]['"]`,
      {
        not: notByRequest,
      },
    ),
    words('a query with "=" gives no argument', 'a=b+c', ''),
    words('an encoded "=" is a letter like others', 'a%3Db', '[a=b]'),
    words('no query gives no argument', '', ''),
    words('a word that begins with "-" gives no argument at all (CVE-2012-1823)', 'one+-s', ''),
    words('an encoded "-" at the start gives none either', '%2ds', ''),
    words('a word that is not ASCII gives no argument at all (CVE-2024-4577)', '%ADs', ''),
    words('a word with a control character gives none', 'a%0Ab', ''),
  ],
}

export const inherited: Family = {
  name: 'variables of the server that the settings hand on',
  files: { 'cgi-bin/variables': showVariables },
  prepare: () => {
    process.env['POSTERN_TEST_ONE'] = 'of the server'
    process.env['POSTERN_TEST_TWO'] = 'of the server'
  },
  options: { passEnv: ['POSTERN_TEST_ONE', 'POSTERN_TEST_TWO'], env: { POSTERN_TEST_TWO: 'of the settings' } },
  cases: [
    {
      title: 'Postern: a variable that the settings name is handed on from the server’s environment',
      request: { target: '/cgi-bin/variables' },
      expected: { status: 200, variables: { POSTERN_TEST_ONE: 'of the server' } },
    },
    {
      title: 'Postern: a variable of the settings wins over the server’s own',
      request: { target: '/cgi-bin/variables' },
      expected: { status: 200, variables: { POSTERN_TEST_TWO: 'of the settings' } },
    },
  ],
}
