// PHP by construction: what others have had to mend (CVE numbers in the titles) cannot be asked for here.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import type { Executor } from '../../src/executors/executor.ts'
import { metaVariables } from '../../src/gateway/meta-variables.ts'
import { files, folder } from '../../src/index.ts'
import { startGateway } from '../programs/gateway-server.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { visit, watch, type Visit } from './support.ts'

const skip = missing('php-cgi')
const source = 'the-source-itself'
const show = `<?php /* ${source} */ header('Content-Type: text/plain');
foreach ($_SERVER as $name => $value) if (is_string($value)) echo "$name=", str_replace("\\n", '\\n', $value), "\\n";
echo 'argc=', $_SERVER['argc'] ?? 'none', "\\n";
echo 'prepend=', ini_get('auto_prepend_file'), ' include=', ini_get('allow_url_include'), "\\n";
`

/** Ran, refused or sent as it is? */
async function visited(url: string, target: string, more: Visit = {}): Promise<{ status: number; text: string }> {
  const { status, rest } = await visit(url, target, more)
  assert.ok(!rest.includes(source), `${target} was sent as source`)
  return { status, text: Buffer.from(rest, 'latin1').toString() }
}

const evil = '%3C?php+system("id");?%3E'

test('CVE-2012-1823, CVE-2024-4577: no word of a query becomes an argument of php-cgi', { skip }, async () => {
  using site = temporarySite({ 'page.php': show })
  await using server = await watch(site.root, { searchWords: true })
  const queries = [
    ['-s', '-d+allow_url_include%3don+-d+auto_prepend_file%3dphp://input', '%2Ds', '--version', '-h'],
    ['%ADd+allow_url_include%3don+%ADd+auto_prepend_file%3dphp://input', '%ADs', '+-s', '%20-s'],
  ].flat()
  for (const query of queries) {
    for (const method of ['GET', 'POST']) {
      const body = method === 'POST' ? { body: evil } : {}
      const { status, text } = await visited(server.url, `/page.php?${query}`, { method, ...body })
      assert.equal(status, 200, text)
      assert.match(text, /^prepend= include=0?$/m)
      assert.doesNotMatch(text, /uid=/)
    }
  }
})

test(
  'CVE-2019-11043: a line feed in the path is refused; what follows a script is found on the disk, by no pattern',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'page.php': show })
    await using server = await watch(site.root)
    for (const info of ['/PHP_VALUE%0Asession.auto_start=1', '/%0A', '/a%0Ab.php', '%0A.php', '/%0D']) {
      assert.equal((await visited(server.url, `/page.php${info}?${'Q'.repeat(1500)}`)).status, 400)
    }
    for (const info of ['/PHP_VALUE/session.auto_start=1', '/a.php/b.php', '/.php', `/${'x'.repeat(2000)}.php`, '/']) {
      const { status, text } = await visited(server.url, `/page.php${info}?${'Q'.repeat(1500)}`)
      assert.equal(status, 200)
      assert.match(text, /^SCRIPT_NAME=\/page\.php$/m)
      assert.equal(/^PATH_INFO=(.*)$/m.exec(text)?.[1], info)
      assert.equal(/^SCRIPT_FILENAME=(.*)$/m.exec(text)?.[1], `${site.root}/page.php`)
    }
  },
)

test('CVE-2024-8927: REDIRECT_STATUS is ours, whatever the client sends', { skip }, async () => {
  using site = temporarySite({ 'page.php': show })
  await using server = await watch(site.root)
  const fields = ['Redirect-Status: 999', 'X-Redirect-Status: 999']
  const { text } = await visited(server.url, '/page.php', { fields })
  assert.match(text, /^REDIRECT_STATUS=200$/m)
  assert.match(text, /^HTTP_X_REDIRECT_STATUS=999$/m)
})

test(
  'PHP_VALUE and PHP_ADMIN_VALUE never come from a client: the fields become HTTP_PHP_VALUE, which means nothing',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'page.php': show })
    await using server = await watch(site.root)
    const fields = [
      'Php-Value: auto_prepend_file=/etc/passwd',
      'Php-Admin-Value: allow_url_include=1',
      'Script-Filename: /etc/passwd',
      'Path-Translated: /etc/passwd',
    ]
    const { text } = await visited(server.url, '/page.php', { fields })
    assert.match(text, /^HTTP_PHP_VALUE=auto_prepend_file/m)
    assert.doesNotMatch(text, /^PHP_(?:ADMIN_)?VALUE=/m)
    assert.match(text, /^prepend= include=0?$/m)
    // With an underscore they do not even reach the script.
    const odd = await visited(server.url, '/page.php', { fields: ['PHP_VALUE: auto_prepend_file=/etc/passwd'] })
    assert.doesNotMatch(odd.text, /auto_prepend/)
  },
)

test('PHP_VALUE and PHP_ADMIN_VALUE never come over the wire of a web server in front either', () => {
  const endpoint = { address: '127.0.0.1', port: 80 }
  const executor: Executor = {
    run: () => Promise.resolve({ kind: 'failed', failure: { kind: 'shutting-down' } }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const policy = { searchWords: false, passAuthorization: false, passFields: new Set<string>() } as const
  const variables = metaVariables({
    id: 'id',
    granted: new Map(),
    facts: {
      method: 'GET',
      target: '/x.php',
      mount: '',
      protocol: 'HTTP/1.1',
      fields: [],
      scheme: 'http',
      peer: endpoint,
      local: endpoint,
      user: undefined,
      front: {
        id: undefined,
        requestUri: undefined,
        variables: new Map(['PHP_VALUE', 'PHP_ADMIN_VALUE', 'SITE'].map((name) => [name, 'x'])),
        received: new Map(),
        onDiagnostic: undefined,
      },
      body: nothing(),
      bodyLength: 0,
      signal: new AbortController().signal,
    },
    origin: { scheme: 'http', serverName: 'a', serverPort: 80, peer: endpoint, authority: undefined },
    resolution: {
      kind: 'script',
      path: '/x.php',
      scriptFilename: '/x.php',
      scriptName: '/x.php',
      pathInfo: '',
      documentRoot: '/',
      answers: 'cgi',
      policy: { ...policy, untyped: 'refuse', variables: new Map() },
      executor,
      isInterpreted: false,
      hidesPathTranslated: false,
      wantsBodyLate: false,
      parts: undefined,
    },
    method: 'GET',
    query: '',
    fieldVariables: new Map(),
    bodyLength: undefined,
    redirectedFrom: undefined,
  })
  assert.equal(variables.get('SITE'), 'x')
  const ofPhp = [...variables.keys()].filter((name) => name.startsWith('PHP_'))
  assert.deepEqual(ofPhp, [])
})

async function* nothing(): AsyncGenerator<Uint8Array> {}

test(
  'CVE-2026-24895, CVE-2026-27590, CVE-2026-45062: names that fold or shrink in Unicode name what they name',
  {
    skip,
  },
  async () => {
    const names = ['Ⱥ'.repeat(20), 'İİİİ', 'K', 'ſ.pHp', 'ﬁ']
    using site = temporarySite({ 'evil.txt': show.replace(source, 'text'), 'page.php': show })
    for (const name of names) site.add(`${name}.php/page.php`, show)
    await using server = await watch(site.root)
    for (const name of names) {
      const path = `/${encodeURIComponent(name)}.php/page.php`
      const { status, text } = await visited(server.url, `${path}/rest.txt`)
      assert.equal(status, 200)
      assert.equal(/^SCRIPT_FILENAME=(.*)$/m.exec(text)?.[1], `${site.root}/${name}.php/page.php`)
      assert.match(text, /^PATH_INFO=\/rest\.txt$/m)
      assert.equal(
        (await visited(server.url, `/${encodeURIComponent(`${name}.txt`)}/${encodeURIComponent(name)}.php`)).status,
        404,
      )
    }
    // What only looks like .php, or folds to it, is no program; and the file is sent as the text that it is.
    for (const name of ['x.ｐｈｐ', 'x.phᵽ', 'x.рhр']) {
      site.add(name, 'plain')
      const { text } = await visited(server.url, `/${encodeURIComponent(name)}`)
      assert.match(text, /^plain$/)
    }
  },
)

test('an upload such as x.php.jpg is not run, and x.jpg/y.php neither', { skip }, async () => {
  using site = temporarySite({ 'up/x.php.jpg': '<?php echo 6*7000007;', 'up/x.jpg': '<?php echo 6*7000007;' })
  await using server = await watch(site.root)
  assert.equal((await visited(server.url, '/up/x.php.jpg')).text, '<?php echo 6*7000007;')
  for (const target of ['/up/x.jpg/y.php', '/up/x.jpg/.php', '/up/x.jpg%00.php', '/up/x.jpg%2f.php', '/up/x.jpg/']) {
    const { status, text } = await visited(server.url, target)
    assert.ok(status === 404 || status === 400, `${target} ${status}`)
    assert.doesNotMatch(text, /42000042/)
  }
})

for (const fixPathinfo of ['0', '1']) {
  test(
    `PATH_TRANSLATED names no file to PHP: /page.php/up/x.jpg runs page.php (cgi.fix_pathinfo=${fixPathinfo})`,
    {
      skip,
    },
    async () => {
      using site = temporarySite({ 'page.php': show, 'up/x.jpg': '<?php echo 6*7000007;' })
      await using server = await watch(site.root, { phpSettings: { 'cgi.fix_pathinfo': fixPathinfo } })
      const { status, text } = await visited(server.url, '/page.php/up/x.jpg')
      assert.equal(status, 200)
      assert.match(text, /^SCRIPT_NAME=\/page\.php$/m)
      assert.doesNotMatch(text, /42000042/)
    },
  )
}

/** Under each of these names a part of PHP's source lies about. */
function untidySite(): TemporarySite {
  const text = `<?php // ${source}\n`
  const names = untidyNames.map((name) => decodeURIComponent(name))
  return temporarySite(Object.fromEntries(names.map((name) => [`dir/${name}`, text])))
}

const untidyNames: readonly string[] = [
  ['x.php', 'X.PHP', 'x.pHp', 'x.php~', 'x.php.bak', 'x.php.old', 'x.php.orig', 'x.php.swp', '%23x.php%23'],
  ['x.php.~1~', 'x.php.save.1', 'x.php.tmp', 'x.PHP.BAK', 'x.php.bak~'],
  ['x.phtml', 'x.phar', 'x.phps', 'x.inc', 'x.php3', 'x.php8', 'x.PHTML', 'x.phtml.bak', 'x.inc~'],
].flat()

test('PHP is never sent as text: neither it, nor its copies, nor its other names, nor without php-cgi', async () => {
  using site = untidySite()
  for (const php of ['on', '/nowhere/php-cgi'] as const) {
    await using server = await watch(site.root, { php, dev: true, allowedHosts: ['a'] })
    for (const name of untidyNames) {
      const { status } = await visited(server.url, `/dir/${name}`)
      const isPage = /^x\.php$/i.test(name)
      const expected = !isPage ? 403 : php !== 'on' || skip !== false ? 503 : 200
      assert.equal(status, expected, name)
    }
    for (const target of ['/dir/x.php/', '/dir//x.php', '/dir/./x.php', '/dir/x%2ephp', '/dir/x.php%20', '/dir/x.php.'])
      await visited(server.url, target)
  }
})

test('with php off, and in a folder of files(), .php and its copies are refused', async () => {
  using site = untidySite()
  const routes = [
    { path: '/off/', to: folder(site.root, { php: 'off' }) },
    { path: '/files/', to: files(site.root) },
  ]
  await using gateway = await startGateway(routes)
  for (const name of untidyNames.filter((each) => /php[^s\d]|php$/i.test(each))) {
    for (const route of ['off', 'files']) {
      assert.equal((await visited(gateway.url, `/${route}/dir/${name}`)).status, 403, `${route} ${name}`)
    }
  }
})

test(
  'a link that leads out of the folder is not run, and a name in the folder is judged by where it leads',
  {
    skip,
  },
  async () => {
    using outside = temporarySite({ 'secret.php': show })
    using site = temporarySite({ 'page.php': show })
    symlinkSync(`${outside.root}/secret.php`, `${site.root}/link.php`)
    symlinkSync(`${site.root}/page.php`, `${site.root}/page.txt`)
    await using server = await watch(site.root)
    assert.equal((await visited(server.url, '/link.php')).status, 403)
    assert.match((await visited(server.url, '/page.txt')).text, /^SCRIPT_NAME=\/page\.txt$/m)
  },
)

test('without php-cgi, the log and the development page say what to install', async () => {
  using site = temporarySite({ 'page.php': show })
  await using server = await watch(site.root, { php: '/nowhere/php-cgi', dev: true, allowedHosts: ['a'] })
  const { status, text } = await visited(server.url, '/page.php')
  assert.equal(status, 503)
  assert.match(text, /apt install php-cgi/)
  const failed = server.events.flatMap((event) => (event.type === 'script-failed' ? [event.diagnosis.rule] : []))
  assert.deepEqual(failed, ['php-missing'])
})

test(
  'processes of php-cgi have a clean environment: neither meta-variables nor the server’s own',
  { skip },
  async () => {
    using site = temporarySite({
      'page.php': "<?php header('Content-Type: text/plain'); echo file_get_contents('/proc/self/environ');",
    })
    process.env['POSTERN_TEST_SECRET'] = 'hush'
    process.env['PHP_FCGI_CHILDREN'] = '5'
    try {
      await using server = await watch(site.root, { env: { SITE: 'mine' }, passEnv: ['PHP_FCGI_CHILDREN'] })
      const { text } = await visited(server.url, '/page.php?secret-query')
      const names = text.split('\0').map((entry) => entry.split('=')[0] ?? '')
      assert.ok(names.includes('PATH') && names.includes('SITE') && names.includes('PHP_FCGI_MAX_REQUESTS'), text)
      const known = /^(?:PATH|LANG|LC_[A-Z]+|TZ|TMPDIR|SITE|PHP_FCGI_MAX_REQUESTS|)$/
      assert.deepEqual(
        names.filter((name) => !known.test(name)),
        [],
      )
    } finally {
      delete process.env['POSTERN_TEST_SECRET']
      delete process.env['PHP_FCGI_CHILDREN']
    }
  },
)
