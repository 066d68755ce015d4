// The cgi frontend: a program of ours that a web server starts for one request.

import assert from 'node:assert/strict'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readCgiAnswer, variablesOf, type CgiAnswer } from '../support/gateway-clients.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const library = fileURLToPath(new URL('../../../dist/index.js', import.meta.url))
const typed = 'printf "Content-Type: text/plain\\n\\n"\n'
const site = temporarySite({
  'cgi-bin/env': `#!/bin/sh\n${typed}env\n`,
  'cgi-bin/count': `#!/bin/sh\n${typed}wc -c\necho complaint >&2\n`,
  'cgi-bin/deaf': `#!/bin/sh\n${typed}echo heard nothing\n`,
  'cgi-bin/big': `#!/bin/sh\n${typed}head -c 3000000 /dev/zero\n`,
  'cgi-bin/endless': `#!/bin/sh\n${typed}echo $$ > "$0.pid"\nexec cat /dev/zero\n`,
  // Shorter than it says: nobody need know how the program ended.
  'cgi-bin/short':
    '#!/bin/sh\nprintf "Content-Type: text/plain\\nContent-Length: 300000\\n\\n"\nhead -c 200000 /dev/zero\n',
})
const program = site.add(
  'program.mjs',
  `import { createGateway, folder } from ${JSON.stringify(library)}
const gateway = createGateway({ routes: [{ path: '/', to: folder(${JSON.stringify(site.root)}, { warm: 'off' }) }] })
const isWhole = await gateway.cgi({ passVariables: ['GIT_PROJECT_ROOT'] })
await gateway[Symbol.asyncDispose]()
process.exitCode = isWhole ? 0 : 1
`,
)
process.on('exit', () => site[Symbol.dispose]())

/** Through env(1), whose arguments may hold any bytes: Node would write the environment as UTF-8. */
function start(variables: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams {
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  return spawn('env', ['-i', `PATH=${process.env['PATH'] ?? ''}`, ...words, process.execPath, program])
}

async function ask(
  variables: Readonly<Record<string, string>>,
  body: Buffer = Buffer.alloc(0),
): Promise<CgiAnswer & { readonly stderr: string; readonly code: number | null }> {
  const child = start(variables)
  child.stdin.on('error', () => {}) // It need not be read.
  child.stdin.end(body)
  const [stdout, stderr, [code]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { ...readCgiAnswer(stdout), stderr: stderr.toString(), code }
}

test('RFC 3875 4.1, 6.2: the environment is the request, standard output the answer', async () => {
  const variables = variablesOf('/cgi-bin/env', { PATH_INFO: '/x', GIT_PROJECT_ROOT: '/git', SECRET: 'x' })
  const { status, body, code } = await ask(variables)
  assert.equal(status, '200 OK')
  for (const line of [/^PATH_INFO=\/x$/m, /^GIT_PROJECT_ROOT=\/git$/m, /^REMOTE_ADDR=192\.0\.2\.1$/m])
    assert.match(body, line)
  assert.doesNotMatch(body, /SECRET/)
  assert.equal(code, 0)
})

test('RFC 3875 4.1.18: bytes of the environment that are no UTF-8 stay what they are', async () => {
  const child = spawn('sh', ['-c', `HTTP_X=$(printf '\\351') exec "$0" "$1"`, process.execPath, program], {
    env: { PATH: process.env['PATH'], ...variablesOf('/cgi-bin/env') },
  })
  child.stdin.end()
  assert.match((await buffer(child.stdout)).toString('latin1'), /^HTTP_X=\xe9$/m)
})

test('RFC 3875 4.2: a body whose length the web server does not say is refused, and not lost', async () => {
  const variables = variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST', HTTP_TRANSFER_ENCODING: 'chunked' })
  assert.match((await ask(variables, Buffer.from('lost'))).status, /^411 /)
})

test('RFC 3875 4.2: the body is as long as CONTENT_LENGTH says; standard error goes to ours', async () => {
  const variables = variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '300000' })
  const { body, stderr } = await ask(variables, Buffer.alloc(300_010))
  assert.match(body, /^300000\n/)
  assert.match(stderr, /^complaint$/m)
  assert.match((await ask({ ...variables, CONTENT_LENGTH: '9' }, Buffer.alloc(5))).status, /^400/)
})

test('Postern: an answer that does not wait for its body leaves a server that writes all of it unhurt', async () => {
  const variables = variablesOf('/cgi-bin/deaf', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '5000000' })
  assert.match((await ask(variables, Buffer.alloc(5_000_000))).body, /heard nothing/)
})

test('Postern: a large answer goes out whole, one that breaks off ends with exit code 1', async () => {
  assert.equal((await ask(variablesOf('/cgi-bin/big'))).body.length, 3_000_000)
  assert.equal((await ask(variablesOf('/cgi-bin/short'))).code, 1)
})

test('Postern: a variable with a line end is 400', async () => {
  assert.match((await ask(variablesOf('/cgi-bin/env', { HTTP_X: 'a\nb' }))).status, /^400/)
})

for (const how of ['SIGTERM', 'EPIPE'] as const) {
  test(`Postern: ${how} ends the script, and the program`, async () => {
    const pidFile = join(site.root, 'cgi-bin/endless.pid')
    const child = start(variablesOf('/cgi-bin/endless'))
    try {
      child.stdin.end()
      await once(child.stdout, 'readable')
      assert.ok(await eventually(() => existsSync(pidFile), 10_000))
      const pid = Number(readFileSync(pidFile, 'utf8'))
      if (how === 'SIGTERM') child.kill('SIGTERM')
      else child.stdout.destroy()
      await once(child, 'exit')
      assert.ok(await eventually(() => !existsSync(`/proc/${pid}/fd/1`), 10_000))
    } finally {
      child.kill('SIGKILL')
    }
  })
}
