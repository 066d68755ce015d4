// The sites that `postern init` makes, as somebody has them who types what it says: the same guest book in each language,
// for friends, for those who are none, and in Chromium.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { siteOf, type Language } from '../../../src/cli/init-sites.ts'
import { startBrowser } from '../../support/browser.ts'
import { owning } from '../../support/owning.ts'
import { missing } from '../../support/real-parts.ts'
import { temporarySite } from '../../support/temporary-site.ts'

const command = fileURLToPath(new URL('../../../../dist/cli/main.js', import.meta.url))

/** Python: its own language, and SQLite for the others where they have none. */
const parts: Readonly<Record<Language, readonly string[]>> = {
  python: ['python3'],
  perl: ['perl', 'python3'],
  php: ['php-cgi', 'python3'],
  typescript: ['python3'],
}

/** Interpreters that start at once on a machine that does much else. */
const patience = '--first-byte-timeout 5m --queue-timeout 5m'

interface MadeSite extends AsyncDisposable {
  readonly folder: string
  readonly url: string
  /** Of the guest book. */
  readonly book: string
  log(): string
}

/** Makes it, and types what it says. */
async function makeAndServe(language: Language): Promise<MadeSite> {
  return await owning(async (own) => {
    const at = own(temporarySite())
    // Nothing is fetched: from here on npm knows no network.
    const env = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' }
    const made = spawnSync(process.execPath, [command, 'init', 'my site', '--language', language], {
      cwd: at.root,
      encoding: 'utf8',
      env,
    })
    assert.equal(made.status, 0, made.stderr)
    const [, typed = ''] = /^ {2}(cd 'my site' && .* serve public)$/m.exec(made.stdout) ?? []
    const shell = spawn('sh', ['-c', `${typed} --dev --port 0 ${patience}`], {
      cwd: at.root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    // Everybody who held its output has ended.
    const exited = once(shell, 'close')
    own({
      async [Symbol.asyncDispose]() {
        // npx, its shell and the server are one group.
        if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid, 'SIGTERM')
        await exited
      },
    })
    let log = ''
    shell.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: shell.stdout }).on('line', (line) => {
        const [, found] = /^listening on (http:\S+)$/.exec(line) ?? []
        if (found !== undefined) resolve(found)
      })
      void exited.then(() => reject(new Error(`it ended: ${typed}\n${log}`)))
    })
    const path = siteOf(language).program.slice('public/'.length).replace('index.php', '')
    return { folder: join(at.root, 'my site'), url, book: `${url}${path}`, log: () => log }
  })
}

/** A browser as far as cookies and this form go. */
class Visitor {
  readonly cookies = new Map<string, string>()
  readonly #book: string

  constructor(book: string) {
    this.#book = book
  }

  async ask(init: RequestInit = {}, path = ''): Promise<{ answer: Response; text: string }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie === '' ? {} : { cookie }), ...Object.fromEntries(new Headers(init.headers)) }
    const answer = await fetch(`${this.#book}${path}`, { redirect: 'manual', ...init, headers })
    for (const sent of answer.headers.getSetCookie()) {
      assert.match(sent, /^(?:visitor|name)=[!#-+\--:<-[\]-~]*;.*\bpath=\/(?:;|$)/i)
      assert.match(sent, /; HttpOnly/i)
      assert.match(sent, /; SameSite=Lax/i)
      const [, name = '', value = ''] = /^(\w+)=([^;]*)/.exec(sent) ?? []
      this.cookies.set(name, value)
    }
    return { answer, text: await answer.text() }
  }

  async token(): Promise<string> {
    const { text } = await this.ask()
    return /name="token" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? assert.fail(text)
  }

  async send(fields: Readonly<Record<string, string>> | string): Promise<{ status: number; text: string }> {
    const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { answer, text } = await this.ask({ method: 'POST', body, headers })
    if (answer.status === 303) {
      const location = new URL(answer.headers.get('location') ?? '', this.#book)
      assert.equal(location.href, this.#book)
    }
    return { status: answer.status, text }
  }
}

function entriesOf(text: string): number {
  return text.split('<article>').length - 1
}

export function testGuestBook(language: Language): void {
  const skip = missing(...parts[language])

  test(
    `templates, ${language}: the first page leads to the book; an entry is read back, newest first`,
    { skip },
    async () => {
      await using site = await makeAndServe(language)
      const first = await (await fetch(site.url)).text()
      if (site.book !== site.url) assert.ok(first.includes(`url=${site.book.slice(site.url.length)}"`), first)
      const style = /<link rel="stylesheet" href="([^"]+)">/.exec(await (await fetch(site.book)).text())?.[1]
      const sheet = await fetch(new URL(style ?? '', site.book))
      assert.equal(sheet.headers.get('content-type'), 'text/css; charset=utf-8')

      const ada = new Visitor(site.book)
      const { answer, text } = await ada.ask()
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
      assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
      assert.match(text, /Nobody has written here yet/)
      assert.match(text, /up to 40 characters[^]*up to 1000 characters/)
      const token = await ada.token()
      assert.equal((await ada.send({ token, name: ' Ada\n Ločniškar ☃ ', message: 'one\r\ntwo\r\n' })).status, 303)
      assert.equal((await ada.send({ token, name: 'Ada', message: 'later 😀' })).status, 303)
      assert.equal(decodeURIComponent(ada.cookies.get('name') ?? ''), 'Ada')
      const page = (await ada.ask()).text
      assert.match(page, /later 😀[^]*<h2>Ada Ločniškar ☃<\/h2>[^]*<p>one\ntwo<\/p>/)
      assert.match(page, /<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\dZ">/)
      // Her name is remembered; nobody else sees it there, and nobody else may delete.
      assert.match(page, /id="name" name="name" value="Ada"/)
      assert.equal(page.split('name="delete"').length - 1, 2)
      const bob = new Visitor(site.book)
      const others = (await bob.ask()).text
      assert.match(others, /id="name" name="name" value=""/)
      assert.doesNotMatch(others, /name="delete"/)

      assert.equal((await bob.send({ token: await bob.token(), delete: '1' })).status, 303)
      assert.equal(entriesOf((await bob.ask()).text), 2)
      assert.equal((await ada.send({ token, delete: '1' })).status, 303)
      assert.equal(entriesOf((await bob.ask()).text), 1)
    },
  )

  test(`templates, ${language}, Security: what hostile visitors send`, { skip }, async () => {
    await using site = await makeAndServe(language)
    const eve = new Visitor(site.book)
    const token = await eve.token()
    const form = { token, name: 'Eve', message: 'x' }

    const script = `<script>alert(1)</script> "quoted" 'text' &amp; <img src=x onerror=alert(1)>`
    const sql = `'); DROP TABLE entry; --`
    assert.equal(
      (await eve.send({ ...form, name: `"><b>${sql}`.slice(0, 40), message: `${script}\n${sql}` })).status,
      303,
    )
    const page = (await eve.ask()).text
    assert.equal(entriesOf(page), 1)
    assert.doesNotMatch(page, /<script|<img|<b>/)
    assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt; &quot;quoted&quot;/)
    assert.match(page, /&amp;amp; &lt;img/)
    assert.match(page, /value="&quot;&gt;&lt;b&gt;/)
    assert.match(page, /\); DROP TABLE entry; --<\/p>/)

    // Who has no token, another visitor's, or no cookie, cannot write.
    const other = await new Visitor(site.book).token()
    for (const wrong of ['', 'x', '0'.repeat(64), other, 'é'.repeat(64)]) {
      assert.equal((await eve.send({ ...form, token: wrong })).status, 403, wrong)
    }
    assert.equal((await new Visitor(site.book).send(form)).status, 403)
    const { token: _, ...without } = form
    assert.equal((await eve.send(without)).status, 403)
    assert.equal((await eve.send({ delete: '1' })).status, 403)

    // What is no form of ours.
    assert.equal((await eve.send(`token=${token}&name=%FF%FE&message=x`)).status, 400)
    assert.equal((await eve.send(`token=${token}&name=x&message=%ED%A0%80`)).status, 400)
    assert.equal((await eve.send(`token=${token}&name=x&message=${'a'.repeat(5_000_000)}`)).status, 413)
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    assert.equal((await eve.ask(json)).answer.status, 415)
    assert.equal((await eve.ask({ method: 'DELETE' })).answer.status, 405)

    // Lengths are counted in characters, and what was typed is not lost.
    assert.equal((await eve.send({ ...form, name: '😀'.repeat(40), message: 'é'.repeat(1000) })).status, 303)
    const long = await eve.send({ ...form, name: 'x'.repeat(41), message: 'kept <i>' })
    assert.equal(long.status, 422)
    assert.match(long.text, /A name has 1 to 40 characters\.[^]*kept &lt;i&gt;<\/textarea>/)
    assert.equal((await eve.send({ ...form, message: 'x'.repeat(1001) })).status, 422)
    for (const empty of ['', ' \t\r\n', '\0', '\u00a0\u2028']) {
      assert.equal((await eve.send({ ...form, name: empty })).status, 422, JSON.stringify(empty))
    }

    // Cookies that others have set, and that nobody would.
    for (const cookie of [
      'visitor=<script>; name=%FF',
      `visitor=${'a'.repeat(33)}; name=%3Cscript%3E`,
      'visitor[]=1; name[]=1',
      'a={"b":"c"}; =; ;;; visitor',
    ]) {
      const { answer, text } = await new Visitor(site.book).ask({ headers: { cookie } })
      assert.equal(answer.status, 200, cookie)
      assert.doesNotMatch(text, /<script/)
      assert.match(answer.headers.get('set-cookie') ?? '', /^visitor=[0-9a-f]{32};/)
    }
    assert.equal(entriesOf((await eve.ask()).text), 2)
    assert.doesNotMatch(site.log(), /Traceback|Warning|Deprecated|uninitialized|at .*\.(?:ts|js|pl|php) line/)
  })

  test(
    `templates, ${language}, Security: the entries are their owner’s alone, and no path leads to them`,
    { skip },
    async () => {
      await using site = await makeAndServe(language)
      const visitor = new Visitor(site.book)
      assert.equal((await visitor.send({ token: await visitor.token(), name: 'x', message: 'x' })).status, 303)
      const data = join(site.folder, 'data')
      assert.ok(readdirSync(data).includes('guest-book.sqlite'))
      for (const name of readdirSync(data)) assert.equal(statSync(join(data, name)).mode & 0o777, 0o600, name)
      const { hostname, port } = new URL(site.url)
      for (const path of [
        '/data/guest-book.sqlite',
        '/../data/guest-book.sqlite',
        '/cgi-bin/../../data/guest-book.sqlite',
        '/cgi-bin/..%2f..%2fdata/guest-book.sqlite',
        '/lib/sqlite.py',
        '/../lib/sqlite.py',
        '/.gitignore',
        '/package.json',
      ]) {
        const head = await rawHead(hostname, Number(port), path)
        assert.match(head, /^HTTP\/1\.1 4\d\d /, path)
      }
    },
  )

  test(`templates, ${language}: twenty entries that are written at once are all in the book`, { skip }, async () => {
    await using site = await makeAndServe(language)
    const visitor = new Visitor(site.book)
    // Nobody was there before: these also make the database at once.
    const tokens = await Promise.all([1, 2, 3, 4].map(() => new Visitor(site.book).token()))
    assert.equal(new Set(tokens).size, 4)
    const token = await visitor.token()
    const names = Array.from({ length: 20 }, (_, number) => `number ${number}`)
    const answers = await Promise.all(names.map((name) => visitor.send({ token, name, message: 'hello' })))
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map(() => 303),
    )
    const { text } = await new Visitor(site.book).ask()
    const found = [...text.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, name = '']) => name)
    assert.deepEqual(found.toSorted(), names.toSorted())
  })

  test(
    `templates, ${language}: a person signs the book in Chromium, on a narrow screen`,
    { skip: skip || missing('chromium') },
    async () => {
      await using stage = await owning(async (own) => {
        const site = own(await makeAndServe(language))
        return { site, browser: own(await startBrowser(360)) }
      })
      const { open, until, run, screenshot } = stage.browser
      await open(stage.site.url)
      await until(`document.querySelector('textarea') !== null`)
      // The style sheet has come.
      await until(`getComputedStyle(document.querySelector('button')).fontWeight === '600'`)
      await run(`{
      document.querySelector('#name').value = 'Grace'
      document.querySelector('#message').value = 'A <b>fine</b> book.\\n' + 'long'.repeat(40)
      document.querySelector('form button').click()
    }`)
      await until(`document.querySelector('article h2')?.innerText === 'Grace'`)
      await until(`document.querySelector('article p').innerText.includes('A <b>fine</b> book.')`)
      await until(`document.querySelector('#name').value === 'Grace'`)
      await until(`document.documentElement.scrollWidth <= 360`)
      const folder = process.env['POSTERN_SCREENSHOTS']
      if (folder !== undefined) {
        mkdirSync(folder, { recursive: true })
        writeFileSync(join(folder, `guest-book-${language}.png`), await screenshot())
      }
      await run(`document.querySelector('article button').click()`)
      await until(`document.querySelector('article') === null && document.querySelector('.empty') !== null`)
    },
  )
}

/** Of a request whose path is sent as it is written here. */
async function rawHead(host: string, port: number, path: string): Promise<string> {
  const socket = connect(port, host)
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('latin1')
}
