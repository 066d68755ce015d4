// The folder that both servers serve: programs for every kind of answer, and files.

import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'

/** Everything that a program can see of its request, as JSON; one character is one byte. */
const dump = `#!/usr/bin/perl
use strict;
binmode STDIN; binmode STDOUT;
sub text { my $s = shift; $s =~ s/([^ !#-\\[\\]-~])/sprintf('\\\\u%04x', ord $1)/ge; "\\"$s\\"" }
my ($length, $start) = (0, '');
while (my $n = read(STDIN, my $part, 65536)) { $length += $n; $start .= $part if length $start < 200 }
print "Content-Type: application/json\\n\\n";
print '{"variables":{', join(',', map { text($_) . ':' . text($ENV{$_}) } sort keys %ENV), '},';
print '"arguments":[', join(',', map { text($_) } @ARGV), '],';
print '"name":', text($0), ',"folder":', text(readlink('/proc/self/cwd') // ''), ',';
print '"inputLength":', $length, ',"inputStart":', text(substr($start, 0, 200)), "}\\n";
`

function sh(...lines: readonly string[]): string {
  return `#!/bin/sh\n${lines.join('\n')}\n`
}

/** Writes the text as it stands here, with printf's escapes. */
function prints(text: string): string {
  return sh(`printf '${text}'`)
}

const programs: Readonly<Record<string, string>> = {
  'dump.pl': dump,
  'sub/folder/dump.pl': dump,
  'with space.pl': dump,
  'nph-dump.pl': dump.replace(
    'print "Content-Type: application/json\\n\\n',
    'print "HTTP/1.0 200 OK\\r\\nContent-Type: application/json\\r\\n\\r\\n',
  ),

  document: prints('Content-Type: text/plain\\n\\nhello\\n'),
  'crlf-lines': prints('Content-Type: text/plain\\r\\nX-One: 1\\r\\n\\r\\nhello\\n'),
  'mixed-lines': prints('Content-Type: text/plain\\r\\nX-One: 1\\n\\nhello\\n'),
  'status-404': prints('Status: 404 Nothing Here\\nContent-Type: text/plain\\n\\nmy own page\\n'),
  'status-404-bare': prints('Status: 404\\nContent-Type: text/plain\\n\\nmy own page\\n'),
  'status-404-empty': prints('Status: 404\\nContent-Type: text/plain\\n\\n'),
  'status-500-empty': prints('Status: 500\\n\\n'),
  'status-299': prints('Status: 299 Own Words\\nContent-Type: text/plain\\n\\nhello\\n'),
  'status-299-bare': prints('Status: 299\\nContent-Type: text/plain\\n\\nhello\\n'),
  'status-401': prints('Status: 401\\nWWW-Authenticate: Basic realm="x"\\nContent-Type: text/plain\\n\\nno\\n'),
  'status-word': prints('Status: fine\\nContent-Type: text/plain\\n\\nhello\\n'),
  'status-99': prints('Status: 99\\nContent-Type: text/plain\\n\\nhello\\n'),
  'status-100': prints('Status: 100\\nContent-Type: text/plain\\n\\nhello\\n'),
  'status-600': prints('Status: 600\\nContent-Type: text/plain\\n\\nhello\\n'),
  'status-twice': prints('Status: 201\\nStatus: 202\\nContent-Type: text/plain\\n\\nhello\\n'),
  'status-204': prints('Status: 204\\nX-One: 1\\n\\n'),
  'status-204-body': prints('Status: 204\\nContent-Type: text/plain\\n\\nhello\\n'),
  'status-205': prints('Status: 205\\nX-One: 1\\n\\n'),
  'status-304': prints('Status: 304\\nETag: "1"\\n\\n'),
  'status-304-body': prints('Status: 304\\nContent-Type: text/plain\\nETag: "1"\\n\\nhello\\n'),

  'local-redirect': prints('Location: /cgi-bin/dump.pl/after?x=y\\n\\n'),
  'local-redirect-file': prints('Location: /page.html\\n\\n'),
  'local-redirect-missing': prints('Location: /cgi-bin/none\\n\\n'),
  'local-redirect-loop': prints('Location: /cgi-bin/local-redirect-loop\\n\\n'),
  'local-redirect-typed': prints('Content-Type: text/html\\nLocation: /page.html\\n\\n'),
  'local-redirect-cookie': prints('Set-Cookie: a=1\\nLocation: /page.html\\n\\n'),
  'local-redirect-status': prints('Status: 302\\nLocation: /page.html\\n\\n'),
  'local-redirect-301': prints('Status: 301 Moved\\nLocation: /page.html\\n\\n'),
  'local-redirect-body': prints('Location: /page.html\\n\\na body nobody sees\\n'),
  'local-redirect-host': prints('Location: //other.example/\\n\\n'),
  'client-redirect': prints('Location: http://other.example/a?b\\n\\n'),
  'client-redirect-303': prints('Status: 303 See Other\\nLocation: http://other.example/\\n\\n'),
  'client-redirect-relative': prints('Location: other/page\\n\\n'),
  'redirect-with-document': prints(
    'Status: 302 Found\\nLocation: http://other.example/\\nContent-Type: text/html\\n\\n<p>over there\\n',
  ),
  'redirect-with-untold-status': prints(
    'Location: http://other.example/\\nContent-Type: text/html\\n\\n<p>over there\\n',
  ),
  'created-with-location': prints(
    'Status: 201 Created\\nLocation: http://other.example/new\\nContent-Type: text/plain\\n\\nmade\\n',
  ),

  'nph-plain': prints('HTTP/1.1 200 Very Fine\\r\\nContent-Type: text/plain\\r\\nX-One: 1\\r\\n\\r\\nhello\\n'),
  'nph-length': prints('HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Length: 6\\r\\n\\r\\nhello\\n'),
  'nph-chunked': prints(
    'HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n6\\r\\nhello\\n\\r\\n0\\r\\n\\r\\n',
  ),
  'nph-lf': prints('HTTP/1.1 200 OK\\nContent-Type: text/plain\\n\\nhello\\n'),
  'nph-404': prints('HTTP/1.0 404 Gone Fishing\\r\\nContent-Type: text/plain\\r\\n\\r\\nnothing\\n'),
  'nph-untyped': prints('HTTP/1.1 200 OK\\r\\nX-One: 1\\r\\n\\r\\nhello\\n'),
  'nph-no-status-line': prints('Content-Type: text/plain\\n\\nhello\\n'),
  'nph-interim': prints(
    'HTTP/1.1 103 Early Hints\\r\\nLink: </a>\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\n\\r\\nhello\\n',
  ),
  'status-line': prints('HTTP/1.1 200 OK\\nContent-Type: text/plain\\n\\nhello\\n'),

  'several-cookies': prints(
    'Content-Type: text/plain\\nSet-Cookie: a=1\\nSet-Cookie: b=2; Path=/\\nSet-Cookie: c=3\\n\\nhello\\n',
  ),
  'repeated-fields': prints('Content-Type: text/plain\\nX-One: 1\\nLink: </a>\\nLink: </b>\\nX-One: 2\\n\\nhello\\n'),
  'repeated-type': prints('Content-Type: text/plain\\nContent-Type: text/html\\n\\nhello\\n'),
  'field-spacing': prints('content-TYPE:text/plain\\nX-One:   a  b  \\nX-Empty:\\n\\nhello\\n'),
  'field-bytes': prints('Content-Type: text/plain\\nX-Latin: caf\\351\\nX-Utf: caf\\303\\251\\n\\nhello\\n'),
  'field-control': prints('Content-Type: text/plain\\nX-One: a\\001b\\n\\nhello\\n'),
  'field-cr': prints('Content-Type: text/plain\\nX-One: a\\rX-Two: b\\n\\nhello\\n'),
  'field-nul': prints('Content-Type: text/plain\\nX-One: a\\000b\\n\\nhello\\n'),
  'field-name-space': prints('Content-Type: text/plain\\nX One: 1\\n\\nhello\\n'),
  'field-space-colon': prints('Content-Type: text/plain\\nX-One : 1\\n\\nhello\\n'),
  'field-folded': prints('Content-Type: text/plain\\nX-One: a\\n b\\n\\nhello\\n'),
  'field-without-colon': prints('Content-Type: text/plain\\nthis is no field\\n\\nhello\\n'),
  'fields-of-the-server': prints(
    'Content-Type: text/plain\\nServer: mine/1\\nDate: Sun, 06 Nov 1994 08:49:37 GMT\\nX-Powered-By: sh\\n\\nhello\\n',
  ),
  'fields-of-the-connection': prints(
    'Content-Type: text/plain\\nConnection: X-One\\nX-One: 1\\nKeep-Alive: timeout=9\\n\\nhello\\n',
  ),
  'field-upgrade': prints('Content-Type: text/plain\\nUpgrade: other\\nTrailer: X-One\\n\\nhello\\n'),
  'field-transfer-encoding': prints(
    'Content-Type: text/plain\\nTransfer-Encoding: chunked\\n\\n6\\r\\nhello\\n\\r\\n0\\r\\n\\r\\n',
  ),
  'field-sendfile': prints(
    'Content-Type: text/plain\\nX-Sendfile: /etc/passwd\\nX-Accel-Redirect: /secret\\n\\nhello\\n',
  ),
  'field-last-modified': prints(
    'Content-Type: text/plain\\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\\nETag: "v1"\\n\\nhello\\n',
  ),
  'length-right': prints('Content-Type: text/plain\\nContent-Length: 6\\n\\nhello\\n'),
  'length-short': prints('Content-Type: text/plain\\nContent-Length: 3\\n\\nhello\\n'),
  'length-long': prints('Content-Type: text/plain\\nContent-Length: 9\\n\\nhello\\n'),
  'length-word': prints('Content-Type: text/plain\\nContent-Length: six\\n\\nhello\\n'),
  'length-plus': prints('Content-Type: text/plain\\nContent-Length: +6\\n\\nhello\\n'),

  untyped: prints('X-One: 1\\n\\n<p>hello\\n'),
  'untyped-empty': prints('X-One: 1\\n\\n'),
  'empty-head': prints('\\nhello\\n'),
  'no-head': prints('hello, world\\n'),
  'no-blank-line': prints('Content-Type: text/plain\\n'),
  'no-output': sh('exit 0'),
  'exit-1': sh('printf "Content-Type: text/plain\\n\\nhello\\n"', 'exit 1'),
  'exit-1-silent': sh('exit 1'),
  'stderr-only': sh('echo trouble >&2', 'exit 1'),
  'stderr-too': sh('echo note >&2', 'printf "Content-Type: text/plain\\n\\nhello\\n"', 'echo more >&2'),
  'killed-silent': sh('kill -9 $$'),
  'bad-interpreter': '#!/no/such/interpreter\n',
  'no-interpreter': 'printf "Content-Type: text/plain\\n\\nhello\\n"\n',
  big: sh('printf "Content-Type: application/octet-stream\\n\\n"', 'head -c 5000000 /dev/zero | tr "\\0" x'),
  binary: prints('Content-Type: application/octet-stream\\n\\n\\000\\001\\377\\r\\n\\n\\000'),
  slow: sh('printf "Content-Type: text/plain\\n\\none "', 'sleep 0.1', 'printf "two "', 'sleep 0.1', 'printf three'),
  'reads-nothing': sh('printf "Content-Type: text/plain\\n\\nhello\\n"', 'sleep 0.3'),
  'standard-files': sh(
    'echo "Content-Type: text/plain" > /dev/stdout',
    'echo > /dev/stdout',
    'cat /dev/stdin',
    'echo x > /dev/stderr',
  ),
}

/** A whole second, as Last-Modified says it. */
export const fileTime: Date = new Date('2024-03-05T06:07:08Z')

export function peerSite(): TemporarySite {
  const site = temporarySite({
    'page.html': '<!doctype html><title>page</title>hello\n',
    'text.txt': '0123456789'.repeat(10),
    plain: 'a file without an extension\n',
    'caf\u00e9 bar.txt': 'a name with odd bytes\n',
    'style.css': 'p { color: red }\n',
    'latin.txt': Buffer.from('caf\xe9\n', 'latin1'),
    'empty.txt': '',
    'data.json': '{}\n',
    'archive.tar.gz': gzipSync('x'),
    'page.html.gz.txt': 'x',
    'picture.png': Buffer.from([137, 80, 78, 71]),
    'folder/index.html': 'the index\n',
    'bare/file.txt': 'x\n',
    '.hidden': 'secret\n',
    '.git/config': 'secret\n',
    '.well-known/security.txt': 'Contact: mailto:a@example.com\n',
    'old.cgi': dump,
    'programs/index.cgi': dump,
    'not-run.cgi': 'not executable\n',
    'script.pl': dump,
  })
  for (const [name, content] of Object.entries(programs)) site.add(`cgi-bin/${name}`, content, 0o755)
  site.add('cgi-bin/not-executable', '#!/bin/sh\n', 0o644)
  site.add('cgi-bin/.hidden', dump)
  for (const name of ['page.html', 'text.txt', 'plain', 'empty.txt'])
    utimesSync(join(site.root, name), fileTime, fileTime)
  return site
}
