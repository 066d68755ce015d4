// FastCGI 6.3, the authorizer, played by a CGI program that is told by a field of the request what to do.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { authorizer } from '../../../src/index.ts'
import type { CaseRequest, ConformanceCase, Expected, Family } from '../case.ts'
import { echo, hello, printing, showVariables } from '../scripts.ts'

const environment = 'if [ -r /proc/$$/environ ]; then cat /proc/$$/environ; else env -0; fi'

const program = `#!/bin/sh
case "$HTTP_X_AUTH" in
  show) printf 'Status: 403\\nContent-Type: text/plain\\n\\n'; ${environment} ;;
  body) printf 'Status: 403\\nContent-Type: text/plain\\n\\n[%s]' "$(cat)" ;;
  sign-in) printf 'Status: 401 Who are you\\nWWW-Authenticate: Basic realm="x"\\nContent-Type: text/plain\\nX-Sendfile: /etc/passwd\\n\\nsign in\\n' ;;
  elsewhere) printf 'Status: 302\\nLocation: http://a.example/login\\n\\n' ;;
  local) printf 'Location: /cgi-bin/hello\\n\\n' ;;
  empty) printf 'Status: 204\\n\\n' ;;
  grant) printf 'Status: 200\\nVariable-REMOTE_USER: ada\\nVariable-AUTH_TYPE: Token\\nVariable-GROUPS: a b\\nvariable-lower: x\\nX-Own: x\\n\\n' ;;
  grant-more) printf 'Status: 200\\nVariable-HTTP_HOST: evil\\nVariable-SCRIPT_FILENAME: /etc/passwd\\nVariable-LD_PRELOAD: /x\\nVariable-PERL5OPT: -Mx\\nVariable-REDIRECT_X: x\\nVariable-1A: x\\nVariable-GOOD: x\\n\\n' ;;
  talk) printf 'Status: 200\\nContent-Type: text/plain\\n\\nnobody hears this' ;;
  basic) [ "$HTTP_AUTHORIZATION" = 'Basic YTpi' ] && printf 'Status: 200\\n\\n' || printf 'Status: 401\\n\\n' ;;
  private) [ "$DOCUMENT_URI" = /cgi-bin/hello ] && printf 'Status: 403\\n\\n' || printf 'Status: 200\\n\\n' ;;
  uri) [ "$REQUEST_URI" = /cgi-bin/hello?x ] && printf 'Status: 403\\n\\n' || printf 'Status: 200\\n\\n' ;;
  die) printf 'Status: 200\\n\\n'; kill -9 $$ ;;
  fail) printf 'Status: 200\\n\\n'; echo 'a reason' >&2; exit 3 ;;
  silent) exit 0 ;;
  garbled) printf 'yes\\n\\n' ;;
  untyped) printf 'Status: 403\\n\\nno type' ;;
  *) printf 'Status: 200\\n\\n' ;;
esac
`

type Fields = NonNullable<CaseRequest['fields']>

function told(rule: string, how: string, expected: Expected, request: CaseRequest = {}): ConformanceCase {
  const fields: Fields = [['X-Auth', how], ...(request.fields ?? [])]
  return { title: rule, request: { target: '/cgi-bin/variables', ...request, fields }, expected }
}

function closed(rule: string, how: string, status: number, cause: RegExp): ConformanceCase {
  return told(`FastCGI 6.3: ${rule}, and nothing is given`, how, {
    status,
    body: /^(?!.*GATEWAY_INTERFACE)/s,
    check: (_, { events }) => {
      const causes = events.flatMap((event) => (event.type === 'script-failed' ? [event.diagnosis.cause] : []))
      assert.match(causes.join('\n'), cause)
      const scripts = events.flatMap((event) => (event.type === 'program-started' ? [event.script] : []))
      assert.ok(
        scripts.every((script) => script.endsWith('/authorize')),
        scripts.join(),
      )
    },
  })
}

export const authorizers: Family = {
  name: 'authorizers',
  files: {
    'page.html': '<p>page\n',
    'listed/file.txt': 'x',
    'cgi-bin/variables': showVariables,
    'cgi-bin/hello': hello,
    'cgi-bin/echo': echo,
    'cgi-bin/there': printing('Location: /cgi-bin/hello?x\n\n'),
    '.auth/authorize': program,
  },
  options: ({ root }) => ({
    listing: true,
    authorizer: authorizer({ script: join(root, '.auth/authorize') }, { env: { SETTING: 'of the authorizer' } }),
  }),
  cases: [
    told('FastCGI 6.3: 200 lets a request to a script pass', 'yes', {
      status: 200,
      variables: { GATEWAY_INTERFACE: 'CGI/1.1', REMOTE_USER: null },
    }),
    told(
      'FastCGI 6.3: 200 lets a request to a file pass',
      'yes',
      { status: 200, body: '<p>page\n' },
      { target: '/page.html' },
    ),
    told(
      'FastCGI 6.3: the body of a 200 is nobody’s',
      'talk',
      { status: 200, body: '<p>page\n' },
      { target: '/page.html' },
    ),
    told(
      'FastCGI 6.3: the script has the body of the request',
      'yes',
      { status: 200, body: 'a=b' },
      { method: 'POST', body: 'a=b', target: '/cgi-bin/echo' },
    ),
    told(
      'FastCGI 6.3: the authorizer has no body of the request',
      'body',
      { status: 403, body: '[]' },
      { method: 'POST', body: 'a=b' },
    ),
    told(
      'FastCGI 6.3: the authorizer has the request’s variables, but not CONTENT_LENGTH, PATH_INFO, PATH_TRANSLATED, SCRIPT_NAME',
      'show',
      {
        status: 403,
        variables: {
          CONTENT_LENGTH: null,
          PATH_INFO: null,
          PATH_TRANSLATED: null,
          SCRIPT_NAME: null,
          REQUEST_METHOD: 'POST',
          REQUEST_URI: '/cgi-bin/variables/path%20x?a=b',
          QUERY_STRING: 'a=b',
          HTTP_COOKIE: 'c=d',
          CONTENT_TYPE: 'x/y',
          GATEWAY_INTERFACE: 'CGI/1.1',
        },
      },
      {
        method: 'POST',
        body: 'a=b',
        target: '/cgi-bin/variables/path%20x?a=b',
        fields: [
          ['Cookie', 'c=d'],
          ['Content-Type', 'x/y'],
        ],
      },
    ),
    told(
      'Postern: DOCUMENT_URI is the path as the gateway goes by it, and FCGI_ROLE says the part',
      'show',
      {
        status: 403,
        variables: {
          DOCUMENT_URI: '/cgi-bin/variables/x y',
          FCGI_ROLE: 'AUTHORIZER',
          SETTING: 'of the authorizer',
          SCRIPT_FILENAME: /\/\.auth\/authorize$/,
        },
      },
      { target: '//cgi-bin//variables/x%20y' },
    ),
    told(
      'Postern: an authorizer sees Authorization, and its script does not',
      'basic',
      {
        status: 200,
        variables: { HTTP_AUTHORIZATION: null },
      },
      { fields: [['Authorization', 'Basic YTpi']] },
    ),
    told('FastCGI 6.3: each Variable-NAME becomes a variable of the script that follows', 'grant', {
      status: 200,
      fields: { 'variable-groups': null, 'x-own': null },
      variables: { REMOTE_USER: 'ada', AUTH_TYPE: 'Token', GROUPS: 'a b', lower: 'x', SETTING: null },
      check: async (_, { events, until }) => {
        const ended = await until('the end', () => events.find((event) => event.type === 'request-ended'))
        assert.equal(ended.type === 'request-ended' && ended.request.remoteUser, 'ada')
      },
    }),
    told(
      'CVE-2025-65082: an authorizer sets none of the gateway’s own variables, and none that steers programs',
      'grant-more',
      {
        status: 200,
        variables: {
          HTTP_HOST: /^(?!evil)/,
          SCRIPT_FILENAME: /variables$/,
          LD_PRELOAD: null,
          PERL5OPT: null,
          REDIRECT_X: null,
          GOOD: 'x',
        },
        check: (_, { events }) => {
          assert.equal(events.filter((event) => event.type === 'field-dropped').length, 6)
        },
      },
    ),
    told(
      'FastCGI 6.3: another answer than 200 goes to the client as it is',
      'sign-in',
      {
        status: 401,
        body: 'sign in\n',
        fields: { 'www-authenticate': 'Basic realm="x"', 'content-type': 'text/plain', 'x-sendfile': null },
      },
      { target: '/page.html' },
    ),
    told(
      'FastCGI 6.3: a HEAD has the head of that answer',
      'sign-in',
      {
        status: 401,
        body: '',
        fields: { 'www-authenticate': 'Basic realm="x"' },
      },
      { method: 'HEAD', target: '/page.html' },
    ),
    told('FastCGI 6.3: a redirect goes to the client', 'elsewhere', {
      status: 302,
      fields: { location: 'http://a.example/login' },
    }),
    told('Postern: an authorizer’s redirect to a local path goes to the client as well', 'local', {
      status: 302,
      fields: { location: '/cgi-bin/hello' },
    }),
    told('FastCGI 6.3: only 200 lets pass, no other success', 'empty', { status: 204, body: '' }),
    told(
      'Postern: nobody learns without a right what is there: a file that is not there',
      'sign-in',
      { status: 401 },
      { target: '/none.html' },
    ),
    told(
      'Postern: nobody learns without a right what is there: a folder',
      'sign-in',
      { status: 401 },
      { target: '/listed/' },
    ),
    told(
      'Postern: the method does not get round an authorizer',
      'sign-in',
      { status: 401 },
      { method: 'OPTIONS', target: '/page.html' },
    ),
    told(
      'FastCGI 6.3: a local redirect passes the authorizer of the route that it leads to, by its new path',
      'private',
      { status: 403 },
      { target: '/cgi-bin/there' },
    ),
    told(
      'FastCGI 6.3: a local redirect passes the authorizer of the route that it leads to, by its new REQUEST_URI',
      'uri',
      { status: 403 },
      { target: '/cgi-bin/there' },
    ),
    told(
      'FastCGI 6.3: a local redirect that the authorizer lets pass is followed',
      'grant',
      { status: 200, body: 'hello\n' },
      { target: '/cgi-bin/there' },
    ),
    closed('an authorizer that dies after its 200 is 502', 'die', 502, /SIGKILL/),
    closed('an authorizer that fails after its 200 is 502', 'fail', 502, /said 200 and then ended with exit code 3/),
    closed('an authorizer without an answer is 502', 'silent', 502, /./),
    closed('an authorizer with a bad head is 502', 'garbled', 502, /./),
    closed('an authorizer’s body without a type is 502', 'untyped', 502, /./),
  ],
}
