// RFC 3875 4.1.18: the client's fields as HTTP_* variables, and those that never become one.

import type { ConformanceCase, Family } from '../case.ts'
import { fieldsAreVariables, proxied, wireOnly } from '../left-out.ts'
import { showVariables } from '../scripts.ts'

type Fields = readonly (readonly [string, string])[]

const target = '/cgi-bin/variables'
const files = { 'cgi-bin/variables': showVariables }

function passed(rule: string, fields: Fields, variables: Readonly<Record<string, string | null>>): ConformanceCase {
  return { title: `RFC 3875 4.1.18: ${rule}`, request: { target, fields }, expected: { status: 200, variables } }
}

function refused(rule: string, fields: Fields): ConformanceCase {
  return { title: `RFC 3875 4.1.18: ${rule}`, request: { target, fields }, expected: { status: 400 } }
}

export const fieldCases: Family = {
  name: 'fields as HTTP_* variables',
  files,
  options: { passFields: ['X_Special.Name'] },
  cases: [
    passed('a field becomes HTTP_ and its name in upper case, "-" as "_"', [['X-Some-Thing', 'yes']], {
      HTTP_X_SOME_THING: 'yes',
    }),
    passed('digits stay in the name of a variable', [['X-4u', 'yes']], { HTTP_X_4U: 'yes' }),
    passed(
      'a repeated field is one variable, its values joined by a comma in their order',
      [
        ['X-A', 'a'],
        ['X-A', 'b'],
        ['X-A', 'c'],
      ],
      {
        HTTP_X_A: 'a, b, c',
      },
    ),
    passed(
      'several Cookie fields are joined by a semicolon (RFC 6265 5.4)',
      [
        ['Cookie', 'a=1'],
        ['Cookie', 'b=2'],
      ],
      {
        HTTP_COOKIE: 'a=1; b=2',
      },
    ),
    passed('an empty field is an empty variable', [['X-Empty', '']], { HTTP_X_EMPTY: '' }),
    passed('a tab inside a value stays', [['X-Tab', 'a\tb']], { HTTP_X_TAB: 'a\tb' }),
    passed('quotes, dollars and backquotes in a value are plain bytes', [['X-Odd', '"$(id)" `id` \'\\']], {
      HTTP_X_ODD: '"$(id)" `id` \'\\',
    }),
    {
      title: 'RFC 3875 4.1.18: bytes of a value that are not UTF-8 arrive as they were sent',
      notByChildProcess: 'Node writes an environment as UTF-8',
      request: { target, fields: [['X-Name', 'Ren\xe9e']] },
      expected: { status: 200, variables: { HTTP_X_NAME: 'Ren\xe9e' } },
    },
    passed('UTF-8 in a value arrives as its bytes', [['X-Name', 'Ren\xc3\xa9e']], { HTTP_X_NAME: 'Ren\xc3\xa9e' }),
    passed('Host is HTTP_HOST', [['Host', 'example.org']], { HTTP_HOST: 'example.org' }),
    {
      ...passed('X-Forwarded-For reaches the script as any field does', [['X-Forwarded-For', '192.0.2.1']], {
        HTTP_X_FORWARDED_FOR: '192.0.2.1',
      }),
      not: proxied,
    },
    passed('Authorization is hidden', [['Authorization', 'Basic eDp5']], { HTTP_AUTHORIZATION: null }),
    passed('Proxy never becomes HTTP_PROXY (httpoxy, CVE-2016-5385)', [['Proxy', 'http://evil.example']], {
      HTTP_PROXY: null,
    }),
    passed(
      'Proxy-Authorization and Proxy-Connection are never passed on',
      [
        ['Proxy-Authorization', 'x'],
        ['Proxy-Connection', 'x'],
      ],
      {
        HTTP_PROXY_AUTHORIZATION: null,
        HTTP_PROXY_CONNECTION: null,
      },
    ),
    passed(
      'fields that steer servers are never passed on',
      [
        ['X-Accel-Mapping', 'a=b'],
        ['X-Sendfile-Type', 'x'],
      ],
      {
        HTTP_X_ACCEL_MAPPING: null,
        HTTP_X_SENDFILE_TYPE: null,
      },
    ),
    passed('Redirect-Status never becomes HTTP_REDIRECT_STATUS (CVE-2024-8927)', [['Redirect-Status', '1']], {
      HTTP_REDIRECT_STATUS: null,
      REDIRECT_STATUS: '200',
    }),
    {
      title: 'RFC 3875 4.1.18: Content-Length and Content-Type do not become HTTP_ variables as well',
      request: { method: 'POST', target, body: 'x', fields: [['Content-Type', 'a/b']] },
      expected: {
        status: 200,
        variables: { HTTP_CONTENT_LENGTH: null, HTTP_CONTENT_TYPE: null, CONTENT_LENGTH: '1', CONTENT_TYPE: 'a/b' },
      },
    },
    {
      title: 'RFC 9110 7.6.1: fields of the connection are not passed on',
      not: wireOnly,
      wire: `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close, TE\r\nTE: trailers\r\nKeep-Alive: 5\r\n\r\n`,
      expected: {
        status: 200,
        check: ({ body }) => {
          if (/HTTP_(CONNECTION|TE|KEEP_ALIVE)=/.test(body)) throw new Error(body)
        },
      },
    },
    passed('Expect ends here', [['X-Other', '1']], { HTTP_EXPECT: null }),
    {
      ...passed('a name with an underscore is dropped, for it cannot be told from one with "-"', [['X_Under', '1']], {
        HTTP_X_UNDER: null,
      }),
      not: fieldsAreVariables,
    },
    { ...passed('a name with a dot is dropped', [['X.Dot', '1']], { HTTP_X_DOT: null }), not: fieldsAreVariables },
    passed('an odd name that the settings let pass reaches the script', [['X_Special.Name', '1']], {
      HTTP_X_SPECIAL_NAME: '1',
    }),
    passed('a name longer than 256 bytes is dropped (CVE-2017-12814)', [[`X-${'a'.repeat(255)}`, '1']], {
      [`HTTP_X_${'A'.repeat(255)}`]: null,
    }),
    {
      ...refused('two fields that would share one variable are refused (CVE-2015-0219)', [
        ['X-User', 'me'],
        ['X_User', 'root'],
      ]),
      not: fieldsAreVariables,
    },
    refused('a shell function in a value is refused (CVE-2014-6271)', [['User-Agent', '() { :;}; echo vulnerable']]),
    {
      title: 'Postern: a dropped field is told to the observer, with the reason',
      request: { target, fields: [['Proxy', 'x']] },
      expected: {
        status: 200,
        check: (_, { events }) => {
          if (!events.some((event) => event.type === 'field-dropped' && /httpoxy/.test(event.why)))
            throw new Error('not told')
        },
      },
    },
  ],
}

export const passedAuthorization: Family = {
  name: 'Authorization passed on',
  files,
  options: { passAuthorization: true },
  cases: [
    passed('Authorization reaches the script where the settings say so', [['Authorization', 'Basic eDp5']], {
      HTTP_AUTHORIZATION: 'Basic eDp5',
      AUTH_TYPE: null,
      REMOTE_USER: null,
    }),
  ],
}
