// RFC 3875 4.1.13: the part of the path that names the script, with mounts and routes; and how the script is found.

import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { cgi, folder } from '../../../src/index.ts'
import type { Family } from '../case.ts'
import { encodedMountOnly, rawTarget, slashedMountOnly } from '../left-out.ts'
import { showVariables } from '../scripts.ts'

const files = {
  'cgi-bin/variables': showVariables,
  'cgi-bin/deep/er/variables': showVariables,
  'cgi-bin/my script.cgi': showVariables,
  'cgi-bin/déjà.cgi': showVariables,
  'beside.cgi': showVariables,
  'LOUD.CGI': showVariables,
  'app/index.cgi': showVariables,
  'private/tool': showVariables,
}

function named(rule: string, target: string, SCRIPT_NAME: string, PATH_INFO = ''): Family['cases'][number] {
  return {
    title: `RFC 3875 4.1.13: ${rule}`,
    request: { target },
    expected: { status: 200, variables: { SCRIPT_NAME, PATH_INFO } },
  }
}

export const scriptName: Family = {
  name: 'SCRIPT_NAME',
  files,
  prepare: ({ root }) => symlinkSync('variables', join(root, 'cgi-bin/alias')),
  cases: [
    named('SCRIPT_NAME is the path up to the script', '/cgi-bin/variables', '/cgi-bin/variables'),
    named(
      'a script lies in a folder below cgi-bin',
      '/cgi-bin/deep/er/variables/x',
      '/cgi-bin/deep/er/variables',
      '/x',
    ),
    named('SCRIPT_NAME is decoded', '/cgi-bin/my%20script.cgi/x', '/cgi-bin/my script.cgi', '/x'),
    named('SCRIPT_NAME of a UTF-8 name is its bytes', '/cgi-bin/d%C3%A9j%C3%A0.cgi', '/cgi-bin/d\xc3\xa9j\xc3\xa0.cgi'),
    named('a name that ends in .cgi is a script anywhere', '/beside.cgi/x', '/beside.cgi', '/x'),
    named('.CGI is .cgi', '/LOUD.CGI', '/LOUD.CGI'),
    named('SCRIPT_NAME has no empty segments', '//cgi-bin///variables/x', '/cgi-bin/variables', '/x'),
    named('an index script of a folder is named in full', '/app/?q', '/app/index.cgi'),
    named('a link to a script in the same site is a script under its own name', '/cgi-bin/alias', '/cgi-bin/alias'),
    {
      title: 'Postern: a folder with an index script gets its slash, and keeps its query',
      request: { target: '/app?a=%20b' },
      expected: { status: 301, fields: { location: '/app/?a=%20b' } },
    },
    {
      title: 'Postern: the redirect that adds a slash cannot name another host',
      not: rawTarget,
      request: { target: '//app' },
      expected: { status: 301, fields: { location: '/app/' } },
    },
    {
      title: 'RFC 3875 4.1.13: dot segments are gone before the script is looked for',
      not: rawTarget,
      request: { target: '/nowhere/../cgi-bin/./variables' },
      expected: { status: 200, variables: { SCRIPT_NAME: '/cgi-bin/variables' } },
    },
    {
      title: 'Postern: SCRIPT_FILENAME is the path of the script as it was found, SCRIPT_NAME below DOCUMENT_ROOT',
      request: { target: '/cgi-bin/deep/er/variables/x' },
      expected: {
        status: 200,
        check: ({ body }, { site }) => {
          const path = `\0SCRIPT_FILENAME=${site.root}/cgi-bin/deep/er/variables\0`
          if (!body.includes(path) || !body.includes(`\0DOCUMENT_ROOT=${site.root}\0`)) throw new Error(body)
        },
      },
    },
  ],
}

export const routed: Family = {
  name: 'SCRIPT_NAME under routes',
  files,
  routes: ({ root }) => [
    { path: '/', to: folder(root) },
    { path: '/tools/old', to: cgi(join(root, 'private')) },
    { path: '/one/', to: cgi({ script: join(root, 'private/tool'), documentRoot: root }) },
    { path: '/sp%61ce d/', to: cgi({ script: join(root, 'private/tool') }) },
  ],
  cases: [
    named('SCRIPT_NAME begins with the prefix of its route', '/tools/old/tool/x', '/tools/old/tool', '/x'),
    named('a program that owns a route has the route for its name', '/one/a/b', '/one', '/a/b'),
    named('a program that owns a route is also asked without a slash', '/one', '/one'),
    named('a program that owns a route keeps empty segments in PATH_INFO', '/one//a//', '/one', '//a//'),
    named('the longest prefix wins, and the rest go to the shorter one', '/beside.cgi', '/beside.cgi'),
    {
      title: 'RFC 3875 4.1.13: a prefix is whole segments',
      request: { target: '/onerous' },
      expected: { status: 404 },
    },
    {
      title: 'Postern: a route is written decoded, so that its "%" is a "%"',
      request: { target: '/sp%2561ce%20d/x' },
      expected: { status: 200, variables: { SCRIPT_NAME: '/sp%61ce d', PATH_INFO: '/x' } },
    },
    {
      title: 'Postern: a program with a document root of its own translates paths there',
      request: { target: '/one/a' },
      expected: {
        status: 200,
        check: ({ body }, { site }) => {
          if (!body.includes(`\0PATH_TRANSLATED=${site.root}/a\0`)) throw new Error(body)
        },
      },
    },
    {
      title: 'Postern: in a folder of programs nothing is sent as a file',
      request: { target: '/tools/old/' },
      expected: { status: 403 },
    },
  ],
}

export const mounted: Family = {
  name: 'SCRIPT_NAME under the mount of an embedding program',
  files,
  mount: '/legacy',
  cases: [
    named('SCRIPT_NAME begins with the mount', '/legacy/cgi-bin/variables/x', '/legacy/cgi-bin/variables', '/x'),
    {
      title: 'Postern: the redirect that adds a slash stays below the mount',
      request: { target: '/legacy/app' },
      expected: { status: 301, fields: { location: '/legacy/app/' } },
    },
    {
      title: 'Postern: a path that climbs out of the mount by dot segments is not found',
      not: rawTarget,
      request: { target: '/legacy/../cgi-bin/variables' },
      expected: { status: 404 },
    },
  ],
}

export const slashedMount: Family = {
  name: 'SCRIPT_NAME under a mount that is written with slashes',
  files,
  mount: '/legacy/',
  cases: [
    {
      title: 'RFC 3875 4.1.13: a slash at the end of a mount is not doubled',
      not: slashedMountOnly,
      request: { target: '/legacy/cgi-bin/variables/x' },
      expected: { status: 200, variables: { SCRIPT_NAME: '/legacy/cgi-bin/variables', PATH_INFO: '/x' } },
    },
  ],
}

export const encodedMount: Family = {
  name: 'SCRIPT_NAME under a mount that needs escapes in a URL',
  files,
  mount: '/old%20site',
  cases: [
    {
      title: 'RFC 3875 4.1.13: a mount that the embedding program gives as it stands in the URL is decoded',
      not: encodedMountOnly,
      request: { target: '/old%20site/cgi-bin/variables' },
      expected: { status: 200, variables: { SCRIPT_NAME: '/old site/cgi-bin/variables' } },
    },
  ],
}
