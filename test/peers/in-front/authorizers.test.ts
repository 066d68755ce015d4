// Real web servers that ask a program in the part of an authorizer (FastCGI 6.3), which they start themselves: lighttpd's
// mod_fastcgi, and Apache's mod_fcgid, which has three such parts.

import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess, type ServerCommand } from '../../../bench/server-process.ts'
import { apacheCommand, apacheModule } from '../../support/apache.ts'
import { lighttpdCommand } from '../../support/lighttpd.ts'
import { owning } from '../../support/owning.ts'
import { missing } from '../../support/real-parts.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { builtFolder, unstartable } from './startable.ts'

/** Whoever has the key passes; who has a name and a password passes where somebody asks for them. */
const program = `
import { serve } from '${builtFolder}/app.js'
await serve(() => new Response('a responder answers\\n'), {
  authorize(request, { pass, variables, role }) {
    const part = variables.get('FCGI_APACHE_ROLE')
    const key = request.headers.get('x-key')
    if (key === 'throw') throw new Error('the keys are lost')
    const isRight = part === 'AUTHENTICATOR' ? variables.get('REMOTE_PASSWD') === 'engine' : key === 'right'
    if (!isRight) {
      return new Response('no key\\n', { status: part === 'AUTHORIZER' ? 403 : 401, headers: { 'WWW-Authenticate': 'Basic realm="keys"' } })
    }
    if (part === 'AUTHENTICATOR') return new Response()
    pass('GROUPS_OF', 'staff')
    pass('ASKED', role + ' ' + new URL(request.url).pathname)
    return new Response('nobody hears this')
  },
})
`

interface Server extends AsyncDisposable {
  fetch(path: string, fields?: Readonly<Record<string, string>>): Promise<Response>
}

type Configure = (setting: {
  readonly site: string
  readonly folder: string
  readonly program: string
  readonly port: number
}) => ServerCommand

function start(configure: Configure): Promise<Server> {
  return owning(async (own) => {
    const site = own(temporarySite({ 'site/open.txt': 'open\n', 'site/private/file.txt': 'secret\n' }))
    const words = '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"\necho "groups=$GROUPS_OF asked=$ASKED"\n'
    site.add('site/private/words.sh', words)
    site.add('site/members/words.sh', words)
    site.add('front/program.mjs', program)
    const folder = join(site.root, 'front')
    const main = site.add('front/program', `#!/bin/sh\nexec '${process.execPath}' '${folder}/program.mjs'\n`)
    const port = await freePort()
    // The sockets, and the account of the processes.
    chmodSync(folder, 0o777)
    const command = configure({ site: join(site.root, 'site'), folder, program: main, port })
    const server = own(new ServerProcess(command))
    await server.untilListening({ host: '127.0.0.1', port })
    const fetch_ = (path: string, fields: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: fields, signal: AbortSignal.timeout(30_000) })
    return { fetch: fetch_ }
  })
}

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`
}

const lighttpd: Configure = ({ site, folder, program: main, port }) =>
  lighttpdCommand(folder, {
    port,
    modules: ['fastcgi', 'cgi'],
    root: site,
    lines: `
cgi.assign = (".sh" => "")
fastcgi.server = ("/private/" => ((
  "bin-path" => "${main}",
  "socket" => "${folder}/authorizer.sock",
  "max-procs" => 1,
  "mode" => "authorizer",
  "docroot" => "${site}",
  "check-local" => "disable",
)))`,
  })

const apache: Configure = ({ site, folder, program: main, port }) =>
  apacheCommand(
    folder,
    ['authn_core', 'authz_user', 'cgid', 'fcgid'],
    `
Listen 127.0.0.1:${port}
ScriptSock ${folder}/cgid.sock
DocumentRoot ${site}
FcgidIPCDir ${folder}
FcgidProcessTableFile ${folder}/fcgid.table
FcgidMaxProcesses 2
<Directory ${site}>
  Require all granted
  Options ExecCGI
  <FilesMatch "[.]sh$">
    SetHandler cgi-script
  </FilesMatch>
</Directory>
<Directory ${site}/private>
  FcgidAccessChecker ${main}
</Directory>
<Directory ${site}/members>
  AuthType Basic
  AuthName members
  FcgidAuthenticator ${main}
  FcgidAuthorizer ${main}
  Require valid-user
</Directory>`,
  )

const noLighttpd = missing('lighttpd') || unstartable()
const noApache = missing('apache2') || missing(apacheModule('fcgid'), apacheModule('cgid')) || unstartable()

for (const [name, configure, skip] of [
  ['lighttpd’s "mode" => "authorizer"', lighttpd, noLighttpd],
  ['mod_fcgid’s FcgidAccessChecker', apache, noApache],
] as const) {
  test(
    `FastCGI 6.3: ${name} asks a TypeScript program that it has started: files, variables, refusals`,
    { skip },
    async () => {
      await using server = await start(configure)
      const right = { 'X-Key': 'right' }
      assert.equal(await (await server.fetch('/open.txt')).text(), 'open\n')
      for (const path of ['/private/file.txt', '/%70rivate/file.txt', '/private/words.sh', '/private/none.txt']) {
        const refused = await server.fetch(path)
        assert.equal(refused.status, 401, path)
        assert.equal(refused.headers.get('www-authenticate'), 'Basic realm="keys"')
        assert.doesNotMatch(await refused.text(), /secret|groups/)
      }
      for (const path of ['/private/file.txt', '/%70rivate/file.txt'])
        assert.equal(await (await server.fetch(path, right)).text(), 'secret\n')
      const words = await (await server.fetch('/private/./%77ords.sh?q', right)).text()
      assert.equal(words, 'groups=staff asked=authorizer /private/words.sh\n')
      // One that throws lets nobody pass, and decides over the next request as before.
      const thrown = await server.fetch('/private/file.txt', { 'X-Key': 'throw' })
      // mod_fcgid makes 401 of everything that is not 200.
      assert.ok(thrown.status >= 401)
      assert.doesNotMatch(await thrown.text(), /secret/)
      assert.equal(await (await server.fetch('/private/file.txt', right)).text(), 'secret\n')
    },
  )
}

test(
  'FastCGI 6.3: mod_fcgid’s FcgidAuthenticator and FcgidAuthorizer ask one program, which is told in what part',
  { skip: noApache },
  async () => {
    await using server = await start(apache)
    assert.equal((await server.fetch('/members/words.sh', { 'X-Key': 'right' })).status, 401)
    assert.equal(
      (await server.fetch('/members/words.sh', { Authorization: basic('ada:wrong'), 'X-Key': 'right' })).status,
      401,
    )
    const known = { Authorization: basic('ada:engine') }
    const keyless = await server.fetch('/members/words.sh', known)
    assert.equal(keyless.status, 401)
    assert.doesNotMatch(await keyless.text(), /groups/)
    const words = await (await server.fetch('/members/words.sh', { ...known, 'X-Key': 'right' })).text()
    assert.match(words, /^groups=staff\b.* asked=authorizer \/members\/words\.sh/)
  },
)
