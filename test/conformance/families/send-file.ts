// Files in place of scripts' bodies: X-Sendfile and X-Accel-Redirect, where settings name the folders and where not.

import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CaseRequest, ConformanceCase, Expected, Family, Stage } from '../case.ts'

const modified = 'Wed, 01 Jan 2025 00:00:00 GMT'
const later = 'Thu, 02 Jan 2025 00:00:00 GMT'

/** A program whose head has these lines; `$DOCUMENT_ROOT` in them is the site's folder. */
function asking(lines: readonly string[], body = ''): string {
  return ['#!/bin/sh', 'cat <<END', ...lines, '', `${body}END`, ''].join('\n')
}

const typed = 'Content-Type: text/plain'

function asks(title: string, lines: readonly string[], expected: Expected, request: CaseRequest = {}): ConformanceCase {
  return { title, script: asking(lines), request, expected }
}

function told(pattern: RegExp): (seen: unknown, stage: Stage) => void {
  return (_, { events }) => {
    const causes = events.flatMap((event) => (event.type === 'script-failed' ? [event.diagnosis.cause] : []))
    assert.match(causes.join('\n'), pattern)
  }
}

function refused(rule: string, line: string, cause: RegExp): ConformanceCase {
  return asks(`Postern: ${rule}`, [typed, line], {
    status: 502,
    body: /^(?!.*(?:ten bytes|secret|source))/s,
    check: told(cause),
  })
}

const sends = 'X-Sendfile: $DOCUMENT_ROOT/data/ten.txt'

export const sendFiles: Family = {
  name: 'files that scripts have sent',
  files: {
    'data/ten.txt': '0123456789',
    'data/a b%.txt': 'odd name\n',
    'data/page.html': '<p>page\n',
    'data/page.html.gz': gzipSync('<p>copy\n'),
    'data/.hidden': 'hidden\n',
    'data/run.cgi': '#!/bin/sh\n# source\n',
    'data/run.cgi.bak': '# source\n',
    'data/cgi-bin/tool': '# source\n',
    'data/deep/er/file.bin': 'deep\n',
    'database/secret.txt': 'secret\n',
    'secret.txt': 'secret\n',
    'cgi-bin/source': '#!/bin/sh\n# source\n',
  },
  prepare: ({ root }) => {
    utimesSync(join(root, 'data/ten.txt'), new Date(modified), new Date(modified))
    mkdirSync(join(root, 'data/folder'))
    symlinkSync(join(root, 'secret.txt'), join(root, 'data/out.txt'))
    symlinkSync(join(root, 'data/ten.txt'), join(root, 'in.txt'))
    symlinkSync(join(root, 'cgi-bin/source'), join(root, 'data/harmless.txt'))
  },
  options: ({ root }) => ({
    sendfileRoots: [join(root, 'data'), join(root, 'cgi-bin')],
    accel: { '/protected/': join(root, 'data'), '/protected/deep/': join(root, 'data/deep/er') },
  }),
  cases: [
    {
      title: 'Postern: X-Sendfile sends the file in place of the body, and the field stays inside',
      script: asking([typed, sends], 'the script’s own body\n'),
      expected: { status: 200, body: '0123456789', fields: { 'x-sendfile': null, 'content-length': '10' } },
    },
    asks('Postern: X-Lighttpd-Send-File is X-Sendfile', [typed, 'X-LIGHTTPD-send-file: $DOCUMENT_ROOT/data/ten.txt'], {
      status: 200,
      body: '0123456789',
      fields: { 'x-lighttpd-send-file': null },
    }),
    asks('Postern: X-Accel-Redirect sends the file below its location', ['X-Accel-Redirect: /protected/ten.txt'], {
      status: 200,
      body: '0123456789',
      fields: { 'x-accel-redirect': null, 'content-type': 'text/plain; charset=utf-8' },
    }),
    asks('Postern: the longest location wins', ['X-Accel-Redirect: /protected/deep/file.bin'], {
      status: 200,
      body: 'deep\n',
    }),
    asks(
      'Postern: X-Accel-Redirect is percent-decoded, as by nginx, and its query left out',
      ['X-Accel-Redirect: /protected/a%20b%25.txt?x=../y'],
      { status: 200, body: 'odd name\n' },
    ),
    asks(
      'Postern: X-Sendfile is percent-decoded, as by mod_xsendfile and lighttpd',
      ['X-Sendfile: $DOCUMENT_ROOT/data/a%20b%25.txt'],
      { status: 200, body: 'odd name\n' },
    ),
    asks(
      'Postern: X-Sendfile as most applications write it, the plain path, with a "%" that is no escape',
      ['X-Sendfile: $DOCUMENT_ROOT/data/a b%.txt'],
      { status: 200, body: 'odd name\n' },
    ),
    asks('Postern: a file without the script’s type has its own', ['X-Sendfile: $DOCUMENT_ROOT/data/page.html'], {
      status: 200,
      fields: { 'content-type': 'text/html; charset=utf-8' },
    }),
    asks(
      'Postern: the script’s fields win over the file’s, and the others go on',
      [
        'Content-Type: application/x-thing',
        'Content-Disposition: attachment; filename=x',
        'Cache-Control: private',
        'Expires: 0',
        'Set-Cookie: a=1',
        'Set-Cookie: b=2',
        'Content-Security-Policy: sandbox',
        'X-Accel-Buffering: no',
        'X-Accel-Expires: 10',
        sends,
      ],
      {
        status: 200,
        body: '0123456789',
        fields: {
          'content-type': 'application/x-thing',
          'content-disposition': 'attachment; filename=x',
          'cache-control': 'private',
          expires: '0',
          'set-cookie': 'a=1, b=2',
          'content-security-policy': 'sandbox',
          'last-modified': modified,
          'accept-ranges': 'bytes',
          'x-accel-buffering': null,
          'x-accel-expires': null,
        },
      },
    ),
    asks(
      'Postern: what the script says of its own body does not count for the file',
      [typed, 'Content-Length: 3', 'Content-Encoding: gzip', 'Content-Range: bytes 0-1/2', sends],
      {
        status: 200,
        body: '0123456789',
        fields: { 'content-length': '10', 'content-encoding': null, 'content-range': null },
      },
    ),
    asks(
      'Postern: a compressed copy beside the file is not what the script named',
      ['X-Sendfile: $DOCUMENT_ROOT/data/page.html'],
      { status: 200, body: '<p>page\n', fields: { 'content-encoding': null, vary: null } },
      { fields: [['Accept-Encoding', 'gzip']] },
    ),
    asks('Postern: the script decides over hidden files of its roots', ['X-Sendfile: $DOCUMENT_ROOT/data/.hidden'], {
      status: 200,
      body: 'hidden\n',
    }),
    asks('Postern: a link counts by where it leads, and may lead into a root', ['X-Sendfile: $DOCUMENT_ROOT/in.txt'], {
      status: 200,
      body: '0123456789',
    }),
    asks(
      'RFC 9110 14.2: a range of a file that a script has sent',
      [typed, sends],
      { status: 206, body: '234', fields: { 'content-range': 'bytes 2-4/10', 'content-length': '3' } },
      { fields: [['Range', 'bytes=2-4']] },
    ),
    asks(
      'RFC 9110 14.4: a range beyond the file that a script has sent is 416, without the script’s type',
      ['Content-Type: image/png', 'Set-Cookie: a=1', sends],
      { status: 416, fields: { 'content-range': 'bytes */10', 'content-type': /^text\/plain/, 'set-cookie': 'a=1' } },
      { fields: [['Range', 'bytes=20-']] },
    ),
    asks(
      'RFC 9110 13.1.3: a file that a script has sent can be 304',
      [typed, 'Set-Cookie: a=1', sends],
      { status: 304, body: '', fields: { 'last-modified': modified, 'content-type': null, 'set-cookie': 'a=1' } },
      { fields: [['If-Modified-Since', modified]] },
    ),
    asks(
      'RFC 9110 13.1.2: the script’s ETag wins, and a condition is held against it',
      [typed, 'ETag: "own"', sends],
      { status: 304, body: '', fields: { etag: '"own"', 'last-modified': null } },
      { fields: [['If-None-Match', '"other", W/"own"']] },
    ),
    asks(
      'RFC 9110 13.1.3: the script’s Last-Modified wins, and a condition is held against it',
      [typed, `Last-Modified: ${later}`, sends],
      { status: 200, body: '0123456789', fields: { etag: null, 'last-modified': later } },
      { fields: [['If-Modified-Since', modified]] },
    ),
    asks(
      'RFC 9110 13.1.5: If-Range is held against the script’s ETag: another one gets the whole file',
      [typed, 'ETag: "own"', sends],
      { status: 200, body: '0123456789' },
      {
        fields: [
          ['Range', 'bytes=2-4'],
          ['If-Range', '"old"'],
        ],
      },
    ),
    asks(
      'RFC 9110 13.1.5: If-Range with the script’s own ETag gets the range',
      [typed, 'ETag: "own"', sends],
      { status: 206, body: '234', fields: { etag: '"own"' } },
      {
        fields: [
          ['Range', 'bytes=2-4'],
          ['If-Range', '"own"'],
        ],
      },
    ),
    asks(
      'RFC 9110 13.1.1: If-Match is held against the script’s ETag',
      [typed, 'ETag: "own"', sends],
      { status: 412, body: '' },
      { fields: [['If-Match', '"old"']] },
    ),
    asks(
      'RFC 9110 9.3.2: HEAD of a file that a script has sent has its length',
      [typed, sends],
      { status: 200, body: '', fields: { 'content-length': '10' } },
      { method: 'HEAD' },
    ),
    asks(
      'Postern: a file is sent after a POST too, whole, whatever its conditions',
      [typed, sends],
      { status: 200, body: '0123456789' },
      {
        method: 'POST',
        body: 'a=b',
        fields: [
          ['Range', 'bytes=2-4'],
          ['If-Modified-Since', later],
        ],
      },
    ),
    {
      title: 'Postern: an NPH script may have a file sent as well',
      at: 'cgi-bin/nph-sends',
      script: asking(['HTTP/1.1 200 OK', typed, sends]),
      expected: { status: 200, body: '0123456789' },
    },
    {
      title: 'Postern: a script may go on after it has asked for a file',
      script: asking([typed, sends]).replace('#!/bin/sh\n', '#!/bin/sh\ntrap "sleep 1; echo late >&2" EXIT\n'),
      expected: {
        status: 200,
        body: '0123456789',
        check: (_, { events, until }) =>
          until('late', () => events.find((event) => event.type === 'diagnostic-line')).then(() => {}),
      },
    },
    {
      title: 'Postern: only with status 200 is a file sent, as by mod_xsendfile; else the answer is the script’s',
      script: asking(['Status: 404 Not Found', typed, sends], 'gone\n'),
      expected: {
        status: 404,
        body: 'gone\n',
        fields: { 'x-sendfile': null },
        check: (_, { events }) => {
          assert.ok(events.some((event) => event.type === 'field-dropped' && /status is 200/.test(event.why)))
        },
      },
    },
    {
      title: 'Postern: an empty X-Sendfile asks for nothing',
      script: asking([typed, 'X-Sendfile:'], 'own\n'),
      expected: { status: 200, body: 'own\n' },
    },
    asks('Postern: a file in a root that is not there is 404', ['X-Sendfile: $DOCUMENT_ROOT/data/none.txt'], {
      status: 404,
      check: (_, { events }) => {
        assert.ok(events.some((event) => event.type === 'request-refused' && /none\.txt/.test(event.why)))
      },
    }),
    asks('Postern: a file below a location that is not there is 404', ['X-Accel-Redirect: /protected/none'], {
      status: 404,
    }),
    refused('a file outside every root is 502', 'X-Sendfile: $DOCUMENT_ROOT/secret.txt', /in no folder that the sett/),
    refused('what is outside every root is 502 where it is not there too', 'X-Sendfile: /no/such', /in no folder/),
    refused(
      'a folder with the name of a root and more is outside',
      'X-Sendfile: $DOCUMENT_ROOT/database/secret.txt',
      /in no folder/,
    ),
    refused('a link out of a root is 502', 'X-Sendfile: $DOCUMENT_ROOT/data/out.txt', /in no folder/),
    refused('a path with ".." is 502, wherever it ends', 'X-Sendfile: $DOCUMENT_ROOT/data/../data/ten.txt', /"\.\."/),
    refused('an encoded ".." is one', 'X-Accel-Redirect: /protected/%2e%2e/secret.txt', /"\.\."/),
    refused('an encoded slash below a location is 502', 'X-Accel-Redirect: /protected/..%2fsecret.txt', /no location/),
    refused('a path that is not absolute is 502', 'X-Sendfile: data/ten.txt', /no absolute path/),
    refused('a NUL in the path is 502', 'X-Sendfile: $DOCUMENT_ROOT/data/ten.txt%00.png', /control character/),
    refused('a path below no location is 502', 'X-Accel-Redirect: /protected2/ten.txt', /no location/),
    refused('a named location of nginx is 502', 'X-Accel-Redirect: @files', /no location/),
    refused('a folder is 502', 'X-Sendfile: $DOCUMENT_ROOT/data/folder', /no regular file/),
    refused('a program by its name is never sent', 'X-Sendfile: $DOCUMENT_ROOT/data/run.cgi', /program of the site/),
    refused('a copy of a program is never sent', 'X-Sendfile: $DOCUMENT_ROOT/data/run.cgi.bak', /program of the site/),
    refused('a program of a cgi-bin is never sent', 'X-Accel-Redirect: /protected/cgi-bin/tool', /program of the site/),
    refused(
      'a program of a route is never sent, though its folder is a root',
      'X-Sendfile: $DOCUMENT_ROOT/cgi-bin/source',
      /program of the site/,
    ),
    refused('a script cannot have itself sent', 'X-Sendfile: $SCRIPT_FILENAME', /program of the site/),
    refused('a link to a program is never sent', 'X-Sendfile: $DOCUMENT_ROOT/data/harmless.txt', /program of the site/),
    asks('Postern: two files are none, 502', [typed, sends, 'X-Accel-Redirect: /protected/ten.txt'], {
      status: 502,
      check: told(/a second one/),
    }),
    {
      title: 'CVE-2025-61780, CVE-2026-7381: a client’s X-Sendfile and X-Accel-Redirect get no file',
      script: asking([typed], 'own $(env | grep -ciE "sendfile|send_file|accel")\n'),
      request: {
        fields: [
          ['X-Sendfile', '/etc/passwd'],
          ['X-Sendfile-Type', 'X-Sendfile'],
          ['X-Accel-Redirect', '/protected/ten.txt'],
          ['X-Accel-Mapping', '/=/protected/'],
          ['X-Lighttpd-Send-File', '/etc/passwd'],
        ],
      },
      expected: { status: 200, body: 'own 0\n' },
    },
    {
      title: 'Postern: an internal location is none for clients',
      request: { target: '/protected/ten.txt' },
      expected: { status: 404 },
    },
  ],
}

function unheard(name: string, field: string, setting: RegExp): ConformanceCase {
  return {
    title: `Postern: where no setting names a folder, ${name} is dropped, and the log says once what to set`,
    script: asking([typed, field, 'X-Accel-Buffering: no'], 'own\n'),
    expected: {
      status: 200,
      body: 'own\n',
      fields: { 'x-sendfile': null, 'x-accel-redirect': null, 'x-accel-buffering': null },
      check: (_, { events }) => {
        const why = events.flatMap((event) => (event.type === 'field-dropped' ? [event.why] : []))
        assert.equal(why.length, 1, why.join('\n'))
        assert.match(why[0] ?? '', setting)
      },
    },
  }
}

export const sendFilesUnnamed: Family = {
  name: 'files that scripts may not have sent',
  files: { 'data/ten.txt': '0123456789' },
  cases: [
    unheard('X-Sendfile', sends, /--sendfile-root/),
    unheard('X-Accel-Redirect', 'X-Accel-Redirect: /protected/ten.txt', /--accel/),
  ],
}
