// RFC 3875 4.1.5 and 4.1.6: what follows the script in the path, decoded once, and as a path of the document tree.

import type { ConformanceCase, Family } from '../case.ts'
import { rawTarget } from '../left-out.ts'
import { showVariables } from '../scripts.ts'

const script = '/cgi-bin/variables'
const files = { 'cgi-bin/variables': showVariables }

function pathInfo(
  rule: string,
  after: string,
  PATH_INFO: string,
  more: Partial<ConformanceCase> = {},
): ConformanceCase {
  return {
    ...more,
    title: `RFC 3875 4.1.5: ${rule}`,
    request: { target: script + after },
    expected: { status: 200, variables: { PATH_INFO, SCRIPT_NAME: script } },
  }
}

function refused(rule: string, after: string, status: number, more: Partial<ConformanceCase> = {}): ConformanceCase {
  return { ...more, title: `RFC 3875 4.1.5: ${rule}`, request: { target: script + after }, expected: { status } }
}

export const pathInfoCases: Family = {
  name: 'PATH_INFO and PATH_TRANSLATED',
  files,
  cases: [
    pathInfo('PATH_INFO is empty where nothing follows the script', '', ''),
    pathInfo('PATH_INFO begins with the slash after the script', '/one/two', '/one/two'),
    pathInfo('PATH_INFO of a slash alone is that slash', '/', '/'),
    pathInfo('PATH_INFO keeps a slash at its end', '/one/', '/one/'),
    pathInfo('PATH_INFO keeps empty segments', '//one///two', '//one///two'),
    pathInfo('PATH_INFO is decoded', '/a%20b/%41', '/a b/A'),
    pathInfo('PATH_INFO is decoded once, not twice', '/%2541/%252e%252e', '/%41/%2e%2e'),
    pathInfo('a plus sign in PATH_INFO is no space', '/a+b', '/a+b'),
    pathInfo('path parameters stay in PATH_INFO', '/a;b=c,d', '/a;b=c,d'),
    pathInfo('an encoded question mark belongs to PATH_INFO', '/what%3Fa=b', '/what?a=b'),
    pathInfo('PATH_INFO ends before the query', '/one?two/three', '/one'),
    pathInfo('UTF-8 in PATH_INFO arrives as its bytes', '/%C3%A9t%C3%A9', '/\xc3\xa9t\xc3\xa9'),
    pathInfo('bytes of PATH_INFO that are not UTF-8 arrive as they are', '/caf%E9', '/caf\xe9', {
      notByChildProcess: 'Node writes an environment as UTF-8',
    }),
    pathInfo('dot segments are removed before PATH_INFO is cut off', '/a/./b/../c', '/a/c', { not: rawTarget }),
    pathInfo('encoded dot segments are removed too', '/a/%2e/b/%2E%2e/c', '/a/c', { not: rawTarget }),
    pathInfo('a name of three dots is an ordinary name', '/.../a', '/.../a'),
    pathInfo('names in PATH_INFO may begin with a dot', '/.hidden', '/.hidden'),
    {
      title: 'RFC 3875 4.1.5: PATH_INFO cannot climb above the script',
      not: rawTarget,
      request: { target: `${script}/../variables/x` },
      expected: { status: 200, variables: { PATH_INFO: '/x', SCRIPT_NAME: script } },
    },
    refused('a path that leads above the root is refused', '/../../..', 400, { not: rawTarget }),
    refused('a path that leads above the root by escapes is refused', '/%2e%2e/%2e%2e/%2e%2e/etc', 400, {
      not: rawTarget,
    }),
    refused('an encoded slash in PATH_INFO is refused unless it is asked for', '/a%2Fb', 404),
    refused('an encoded NUL is refused', '/a%00b', 400),
    refused('an encoded line feed is refused (CVE-2019-11043)', '/a%0Ab', 400),
    refused('an encoded carriage return is refused', '/a%0D', 400),
    refused('an encoded DEL is refused', '/%7f', 400),
    refused('a "%" without two hexadecimal digits is refused', '/100%', 400),
    refused('a "%" before something that is not hexadecimal is refused', '/%zz', 400),
    {
      title: 'RFC 3875 4.1.6: PATH_TRANSLATED is PATH_INFO below DOCUMENT_ROOT',
      request: { target: `${script}/one/t%20o` },
      expected: {
        status: 200,
        variables: { PATH_TRANSLATED: /\/one\/t o$/ },
        check: ({ body }, { site }) => {
          if (!body.includes(`\0PATH_TRANSLATED=${site.root}/one/t o\0`)) throw new Error('not below DOCUMENT_ROOT')
        },
      },
    },
    {
      title: 'RFC 3875 4.1.6: PATH_TRANSLATED is not set where PATH_INFO is empty',
      request: { target: script },
      expected: { status: 200, variables: { PATH_TRANSLATED: null } },
    },
  ],
}

export const encodedSlashes: Family = {
  name: 'PATH_INFO with encoded slashes decoded',
  files,
  options: { encodedSlashes: 'decode' },
  cases: [
    pathInfo('an encoded slash in PATH_INFO is decoded where it is asked for', '/a%2Fb%2f', '/a/b/'),
    {
      title: 'RFC 3875 4.1.6: no encoded slash brings a dot segment into PATH_INFO or PATH_TRANSLATED',
      request: { target: `${script}/a%2F..%2F..%2F..%2Fetc%2Fpasswd` },
      expected: { status: 404 },
    },
    {
      title: 'RFC 3875 4.1.6: names with dots beside encoded slashes are ordinary names',
      request: { target: `${script}/a%2F..b%2F...` },
      expected: { status: 200, variables: { PATH_INFO: '/a/..b/...' } },
    },
    {
      title: 'Postern: an encoded slash before the script is refused all the same',
      request: { target: '/cgi-bin%2Fvariables' },
      expected: { status: 404 },
    },
  ],
}
