// FastCGI programs as they are written: in C with libfcgi, in Perl with FCGI and CGI::Fast, and gitweb, which is one too.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cgi, fastcgiProgram, folder } from '../../src/index.ts'
import { withoutFcgi } from '../support/fastcgi-scripts.ts'
import { findProgram, missing } from '../support/real-parts.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { gitWorld } from './git-repository.ts'
import { startGateway } from './gateway-server.ts'
import { perlModuleMissing } from './perl-module.ts'

const inC = `#include <fcgi_stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(void) {
  int count = 0;
  while (FCGI_Accept() >= 0) {
    char *length = getenv("CONTENT_LENGTH");
    int left = length ? atoi(length) : 0, sum = 0;
    if (getenv("HTTP_X_UNREAD") == NULL) while (left-- > 0) sum += getchar();
    printf("Content-Type: text/plain\\r\\n\\r\\n%d %d %s [%s] sum=%d\\n", (int)getpid(), ++count, getenv("SCRIPT_NAME"),
      getenv("PATH_INFO"), sum);
    if (getenv("HTTP_X_WORD")) fprintf(stderr, "a word\\n");
  }
  return 0;
}
`

const hasLibrary = (flag: string): boolean => {
  const compiled = spawnSync('gcc', ['-x', 'c', '-', '-o', '/dev/null', flag], { input: inC })
  return compiled.status === 0
}
const withoutC = missing('gcc') || (hasLibrary('-lfcgi') ? false : missing('the C library libfcgi, libfcgi-dev'))
const withoutFast = withoutFcgi || perlModuleMissing('CGI::Fast')

/** Compiles the program into the site. */
function addC(site: TemporarySite, path: string): void {
  site.add(path, '')
  const file = join(site.root, path)
  execFileSync('gcc', ['-x', 'c', '-', '-o', file, '-lfcgi'], { input: inC })
  chmodSync(file, 0o755)
}

async function text(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, init)
  const body = await response.text()
  assert.equal(response.status, 200, body)
  return body
}

test(
  'libfcgi: one process of a compiled .fcgi answers request after request, wherever it lies',
  {
    skip: withoutC,
  },
  async () => {
    using site = temporarySite()
    addC(site, 'tools/app.fcgi')
    site.add('cgi-bin/x', '')
    copyFileSync(`${site.root}/tools/app.fcgi`, `${site.root}/cgi-bin/two.FCGI`)
    await using gateway = await startGateway([{ path: '/', to: folder(site.root) }])
    const first = await text(`${gateway.url}tools/app.fcgi/a/b?x`)
    assert.match(first, /^\d+ 1 \/tools\/app\.fcgi \[\/a\/b\] sum=0\n$/)
    const [pid] = first.split(' ')
    assert.match(await text(`${gateway.url}tools/app.fcgi`), new RegExp(`^${pid} 2 `))
    assert.match(await text(`${gateway.url}cgi-bin/two.FCGI/c`), /^\d+ 1 \/cgi-bin\/two\.FCGI \[\/c\]/)
  },
)

test(
  'libfcgi: a body that the program does not read does not become the next request',
  {
    skip: withoutC,
  },
  async () => {
    using site = temporarySite()
    addC(site, 'app.fcgi')
    await using gateway = await startGateway([{ path: '/', to: folder(site.root, { maxProcesses: 1 }) }])
    for (const bytes of [1, 5000, 1_000_000]) {
      const body = new Uint8Array(bytes).fill(1)
      assert.match(await text(`${gateway.url}app.fcgi`, { method: 'POST', body }), new RegExp(`sum=${bytes}\n$`))
      await text(`${gateway.url}app.fcgi`, { method: 'POST', body, headers: { 'X-Unread': '1' } })
      assert.match(await text(`${gateway.url}app.fcgi`), /sum=0\n$/)
    }
    assert.deepEqual(gateway.troubles, [])
  },
)

test('libfcgi: its own standard error stream (FastCGI 3.3) stands in the log', { skip: withoutC }, async () => {
  using site = temporarySite()
  addC(site, 'app.fcgi')
  await using gateway = await startGateway([{ path: '/', to: folder(site.root) }])
  await text(`${gateway.url}app.fcgi`, { headers: { 'X-Word': '1' } })
  assert.deepEqual(gateway.troubles, ['a word'])
})

test('a .fcgi without the execute permission is refused, and its copies are never sent', async () => {
  using site = temporarySite({ 'app.fcgi': 'source', 'app.fcgi~': 'source', 'app.fcgi.bak': 'source' })
  await using gateway = await startGateway([{ path: '/', to: folder(site.root) }])
  for (const name of ['app.fcgi', 'app.fcgi~', 'app.fcgi.bak', 'APP.fcgi/../app.fcgi']) {
    const response = await fetch(`${gateway.url}${name}`)
    assert.equal(response.status, 403, name)
    assert.doesNotMatch(await response.text(), /source/)
  }
})

const fast = `#!/usr/bin/perl
use strict; use warnings; use CGI::Fast;
my $count = 0;
while (my $cgi = CGI::Fast->new) {
  $count++;
  print $cgi->header('text/plain'), "$$ $count ", $cgi->param('name') // 'nobody', " ", $cgi->script_name, "\\n";
}
`

test('CGI::Fast: parameters of queries and forms arrive, request after request', { skip: withoutFast }, async () => {
  using site = temporarySite({ 'app.fcgi': fast, 'scripts/two.fcgi': fast })
  await using gateway = await startGateway([
    { path: '/', to: folder(site.root) },
    { path: '/scripts/', to: cgi(`${site.root}/scripts`) },
  ])
  assert.match(await text(`${gateway.url}app.fcgi?name=ann`), / 1 ann \/app\.fcgi\n$/)
  const body = new URLSearchParams({ name: 'bob' })
  assert.match(await text(`${gateway.url}app.fcgi`, { method: 'POST', body }), / 2 bob \/app\.fcgi\n$/)
  assert.match(await text(`${gateway.url}scripts/two.fcgi`), / 1 nobody \/scripts\/two\.fcgi\n$/)
})

test('fastcgiProgram: one program owns its route, with arguments, under any name', { skip: withoutFcgi }, async () => {
  using site = temporarySite({
    app: `#!/usr/bin/perl
use FCGI;
my $request = FCGI::Request();
while ($request->Accept() >= 0) { print "Content-Type: text/plain\\n\\n@ARGV $ENV{SCRIPT_NAME} $ENV{PATH_INFO}\\n" }
`,
  })
  await using gateway = await startGateway([
    { path: '/wiki/', to: fastcgiProgram({ script: `${site.root}/app`, args: ['--mode', 'a b'] }) },
  ])
  assert.equal(await text(`${gateway.url}wiki/Main/Page`), '--mode a b /wiki /Main/Page\n')
  assert.equal(await text(`${gateway.url}wiki`), '--mode a b /wiki \n')
})

const gitweb = findProgram('gitweb.cgi')

test(
  'gitweb --fcgi: 250 pages, though it ends after every hundredth',
  {
    skip: withoutFast || missing('git', 'gitweb.cgi'),
  },
  async () => {
    using world = await gitWorld()
    const configuration = join(world.root, 'gitweb.conf')
    writeFileSync(configuration, `$projectroot = '${world.repositories}';\n1;\n`)
    await using gateway = await startGateway([
      {
        path: '/gitweb/',
        to: fastcgiProgram(
          { script: gitweb ?? '', args: ['--fcgi'] },
          {
            env: { ...world.env, GITWEB_CONFIG: configuration },
            maxProcesses: 2,
            firstByteTimeout: '60s',
            queueTimeout: '120s',
          },
        ),
      },
    ])
    let left = 250
    const visitor = async (): Promise<void> => {
      while (left-- > 0) assert.match(await text(`${gateway.url}gitweb/?a=project_index`), /^project\.git /m)
    }
    await Promise.all(Array.from({ length: 4 }, visitor))
    assert.match(await text(`${gateway.url}gitweb/?p=project.git;a=summary`), /The first commit/)
  },
)
