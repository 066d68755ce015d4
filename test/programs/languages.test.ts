// The smallest program that answers a form, in each language that people write such programs in.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { serve } from '../../src/index.ts'
import { findProgram, missing } from '../support/real-parts.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { runTool } from './run-tool.ts'

/** Each answers with the method, PATH_INFO, QUERY_STRING and, after a blank line, its body. */
const sources: Readonly<Record<string, string>> = {
  python3: `import os, sys
length = int(os.environ.get('CONTENT_LENGTH') or 0)
body = sys.stdin.buffer.read(length)
print('Content-Type: text/plain\\n')
print(*(os.environ[name] for name in ('REQUEST_METHOD', 'PATH_INFO', 'QUERY_STRING')), sep='\\n', end='\\n\\n', flush=True)
sys.stdout.buffer.write(body)
`,
  sh: `echo 'Content-Type: text/plain'
echo
printf '%s\\n%s\\n%s\\n\\n' "$REQUEST_METHOD" "$PATH_INFO" "$QUERY_STRING"
cat
`,
  perl: `use strict;
binmode STDIN; binmode STDOUT;
read(STDIN, my $body, $ENV{CONTENT_LENGTH} // 0);
print "Content-Type: text/plain\\n\\n", map({ "$ENV{$_}\\n" } qw(REQUEST_METHOD PATH_INFO QUERY_STRING)), "\\n", $body // '';
`,
  awk: `BEGIN {
  print "Content-Type: text/plain\\n"
  print ENVIRON["REQUEST_METHOD"] "\\n" ENVIRON["PATH_INFO"] "\\n" ENVIRON["QUERY_STRING"] "\\n"
  while ((getline line) > 0) printf "%s", line
}
`,
  node: `const { env, stdin, stdout } = process
stdout.write('Content-Type: text/plain\\n\\n' + [env.REQUEST_METHOD, env.PATH_INFO, env.QUERY_STRING].join('\\n') + '\\n\\n')
stdin.pipe(stdout)
`,
}

const cSource = `#include <stdio.h>
#include <stdlib.h>
int main(void) {
  printf("Content-Type: text/plain\\n\\n%s\\n%s\\n%s\\n\\n",
    getenv("REQUEST_METHOD"), getenv("PATH_INFO"), getenv("QUERY_STRING"));
  const char *length = getenv("CONTENT_LENGTH");
  for (long left = length ? atol(length) : 0; left > 0; left--) {
    int byte = getchar();
    if (byte == EOF) return 1;
    putchar(byte);
  }
  return 0;
}
`

for (const [language, source] of Object.entries(sources)) {
  test(`a program in ${language} answers GET and POST`, { skip: missing(language) }, async () => {
    const interpreter = `${findProgram(language) ?? ''}${language === 'awk' ? ' -f' : ''}`
    using site = temporarySite({ 'cgi-bin/program': `#!${interpreter}\n${source}` })
    await answersForms(site)
  })
}

test('a program in C, compiled, answers GET and POST', { skip: missing('cc') }, async () => {
  using site = temporarySite()
  const file = site.add('program.c', cSource)
  site.add('cgi-bin/none.txt', '')
  await runTool('cc', ['-O1', '-o', join(site.root, 'cgi-bin/program'), file])
  await answersForms(site)
})

async function answersForms(site: TemporarySite): Promise<void> {
  await using server = await serve(site.root, { port: 0 })
  const got = await fetch(`${server.url}cgi-bin/program/a%20b/c?x=1&y=%20`)
  assert.equal(await got.text(), 'GET\n/a b/c\nx=1&y=%20\n\n')
  assert.equal(got.status, 200)
  assert.equal(got.headers.get('content-type'), 'text/plain')

  const body = `text=${'x'.repeat(200_000)}`
  const posted = await fetch(`${server.url}cgi-bin/program/`, { method: 'POST', body })
  assert.equal(await posted.text(), `POST\n/\n\n\n${body}`)
}
