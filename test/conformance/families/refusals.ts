// What is never sent and never run: sources of programs, hidden files, what links lead to outside, odd files.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { files } from '../../../src/index.ts'
import type { ConformanceCase, Family } from '../case.ts'
import { rawTarget } from '../left-out.ts'
import { hello } from '../scripts.ts'

const secret = 'print "secret"'

function refused(rule: string, target: string, status: number, more: Partial<ConformanceCase> = {}): ConformanceCase {
  return { ...more, title: `Postern: ${rule}`, request: { target }, expected: { status, check: noSecret } }
}

const noSecret = ({ body }: { readonly body: string }): void => {
  if (body.includes('secret')) throw new Error('the answer holds the secret')
}

const isRoot = process.getuid?.() === 0

export const refusals: Family = {
  name: 'refusals',
  files: {
    'cgi-bin/hello': hello,
    'cgi-bin/data.txt': secret,
    'cgi-bin/.hidden': hello,
    'cgi-bin/deep/library.pl': secret,
    'CGI-BIN/loud': secret,
    'plain.cgi': secret,
    'Plain.Cgi': secret,
    'tool.cgi.txt': 'not a program\n',
    '.htpasswd': secret,
    '.git/config': secret,
    'folder/.env': secret,
    'unreadable.txt': secret,
    'page.html': 'page\n',
  },
  prepare: (site) => {
    const { root } = site
    symlinkSync('/etc/passwd', join(root, 'passwd'))
    symlinkSync('/etc', join(root, 'etc'))
    symlinkSync('/bin/ls', join(root, 'cgi-bin/ls'))
    symlinkSync('page.html', join(root, 'inside.html'))
    symlinkSync('cgi-bin/data.txt', join(root, 'to-data.txt'))
    symlinkSync('plain.cgi', join(root, 'to-source.txt'))
    symlinkSync('cgi-bin', join(root, 'programs'))
    symlinkSync('nowhere', join(root, 'dangling'))
    symlinkSync('circle', join(root, 'circle'))
    symlinkSync(`${root}-next`, join(root, 'next'))
    mkdirSync(`${root}/closed`)
    site.add('closed/x.txt', secret)
    chmodSync(`${root}/closed`, 0)
    chmodSync(`${root}/unreadable.txt`, 0)
    execFileSync('mkfifo', [join(root, 'pipe'), join(root, 'cgi-bin/pipe')])
  },
  cases: [
    refused('what is not there is 404', '/nothing', 404),
    refused('what is not there below cgi-bin is 404', '/cgi-bin/nothing', 404),
    refused('a file below cgi-bin that cannot be run is 403, never sent', '/cgi-bin/data.txt', 403),
    refused('a file deep below cgi-bin is never sent', '/cgi-bin/deep/library.pl', 403),
    refused('a folder named CGI-BIN is one too', '/CGI-BIN/loud', 403),
    refused('a .cgi without the execute permission is 403, never sent', '/plain.cgi', 403),
    refused('.Cgi is .cgi', '/Plain.Cgi', 403),
    refused('an encoded letter does not make a program a file', '/plain.c%67i', 403),
    refused('a slash at the end does not make a program a file', '/plain.cgi/', 403),
    refused('an empty segment does not make a program a file', '//cgi-bin//data.txt', 403),
    refused('a dot segment does not make a program a file', '/x/../cgi-bin/./data.txt', 403, { not: rawTarget }),
    refused('a link to a program’s data is not sent', '/to-data.txt', 403),
    refused('a link to a program’s source is not sent', '/to-source.txt', 403),
    refused('a linked folder of programs holds programs', '/programs/data.txt', 403),
    {
      title: 'Postern: a name that holds .cgi in the middle is a file',
      request: { target: '/tool.cgi.txt' },
      expected: { status: 200, body: 'not a program\n' },
    },
    refused('a folder of programs is not listed', '/cgi-bin/', 403),
    refused('hidden files are 404', '/.htpasswd', 404),
    refused('an encoded dot hides as well', '/%2ehtpasswd', 404),
    refused('files in hidden folders are 404', '/.git/config', 404),
    refused('hidden files in folders are 404', '/folder/.env', 404),
    refused('hidden programs are 404', '/cgi-bin/.hidden', 404),
    refused('a link to a file outside is 403', '/passwd', 403),
    refused('a link to a folder outside is 403', '/etc/passwd', 403),
    refused('a link to a program outside is 403', '/cgi-bin/ls', 403),
    {
      title: 'Postern: a link inside the folder is followed',
      request: { target: '/inside.html' },
      expected: { status: 200, body: 'page\n' },
    },
    refused('a link to nothing is 404', '/dangling', 404),
    refused('a link to itself is 404', '/circle', 404),
    refused('an encoded slash before the script is 404', '/cgi-bin%2fhello', 404),
    refused('an encoded path to above the root is 404', '/..%2f..%2f..%2fetc%2fpasswd', 404),
    refused('a named pipe is 403, and nobody waits for it', '/pipe', 403),
    refused('a named pipe below cgi-bin is 403', '/cgi-bin/pipe', 403),
    refused('a file that the server may not read is 403', '/unreadable.txt', 403, {
      skip: isRoot && 'root may read everything',
    }),
    refused('a folder that the server may not enter is 403', '/closed/x.txt', 403, {
      skip: isRoot && 'root may read everything',
    }),
    {
      title: 'Postern: a refusal says no more than a status, an id and what to do',
      request: { target: '/nothing' },
      expected: {
        status: 404,
        fields: {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        },
        check: ({ body }, { site }) => {
          if (body.includes(site.root)) throw new Error('the page shows a path of the server')
        },
      },
    },
    {
      title: 'Postern: a refusal is told to the observer, with the reason',
      request: { target: '/passwd' },
      expected: {
        status: 403,
        check: (_, { events }) => {
          const told = events.some((event) => event.type === 'request-refused' && /outside/.test(event.why))
          if (!told) throw new Error(JSON.stringify(events))
        },
      },
    },
  ],
}

export const startFailures: Family = {
  name: 'programs that cannot be started',
  files: {
    'cgi-bin/no-shebang.cgi': '#!/bin/sh\n',
    'cgi-bin/missing': '#!/no/such/interpreter\n',
    'cgi-bin/crlf': '#!/bin/sh\r\necho\r\n',
  },
  prepare: (site) => {
    site.add('cgi-bin/text', 'this is no program\n', 0o755)
    site.add('cgi-bin/empty', '', 0o755)
  },
  cases: [
    refused('an interpreter that is not there is 502', '/cgi-bin/missing', 502),
    refused('an interpreter whose name ends in CR is 502', '/cgi-bin/crlf', 502),
    refused('an executable text without an interpreter is 502, and not given to a shell', '/cgi-bin/text', 502),
    refused('an empty executable is 502', '/cgi-bin/empty', 502),
    {
      title: 'RFC 9209 2.3: Proxy-Status of a program that cannot be started',
      request: { target: '/cgi-bin/missing' },
      expected: { status: 502, fields: { 'proxy-status': 'postern; error=destination_unavailable' } },
    },
  ],
}

export const filesOnly: Family = {
  name: 'a folder of files alone',
  files: { 'page.html': 'page\n', 'cgi-bin/hello': hello, 'tool.cgi': hello },
  routes: ({ root }) => [{ path: '/static', to: files(root) }],
  cases: [
    {
      title: 'Postern: files() sends files under its route',
      request: { target: '/static/page.html' },
      expected: { status: 200, body: 'page\n' },
    },
    refused('files() neither runs nor sends a program', '/static/tool.cgi', 403),
    refused('files() neither runs nor sends what lies below cgi-bin', '/static/cgi-bin/hello', 403),
    refused('what no route names is 404', '/page.html', 404),
  ],
}

export const linkRoots: Family = {
  name: 'links into folders that the settings allow',
  files: { 'page.html': 'page\n' },
  prepare: ({ root }) => symlinkSync('/etc', join(root, 'etc')),
  options: { linkRoots: ['/etc'] },
  cases: [
    {
      title: 'Postern: a link into a folder of linkRoots is followed',
      request: { target: '/etc/passwd' },
      expected: { status: 200, body: /root/ },
    },
  ],
}
