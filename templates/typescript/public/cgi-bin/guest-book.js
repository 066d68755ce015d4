#!/usr/bin/env node
// A guest book: one handler, SQLite. README.md says how to serve it. The same file is a CGI program, a FastCGI, SCGI or
// uwsgi program, and a server of its own: `serve` finds out how it was started.

import { readFile } from 'node:fs/promises'
import { serve } from 'postern/app'
import { openBook, randomHex } from '../../lib/book.js' // outside the folder that is served

const mostName = 40 // characters
const mostMessage = 1000
const mostBody = 16 * 1024 // bytes of a form, as sent
const yearSeconds = 365 * 24 * 60 * 60

/** What the visitor is told, with the status of the answer and what was typed. */
class Refused extends Error {
  status
  typed

  constructor(status, reason, typed) {
    super(reason)
    this.status = status
    this.typed = typed
  }
}

// --- The request ---

/** The visitor's random number, and the name that was given last. */
function cookies(request) {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='))
  const sent = new Map(pairs.map(([name = '', value = '']) => [name, value]))
  const visitor = sent.get('visitor') ?? ''
  return { visitor: /^[0-9a-f]{32}$/.test(visitor) ? visitor : undefined, name: rememberedName(sent.get('name') ?? '') }
}

function rememberedName(written) {
  try {
    const name = oneLine(decodeURIComponent(written))
    return Array.from(name).length > mostName ? '' : name
  } catch {
    return '' // Not ours: another program on this host has a cookie of that name.
  }
}

async function readForm(request) {
  const kind = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (kind !== 'application/x-www-form-urlencoded') throw new Refused(415, 'The guest book takes only its own form.')
  const tooMuch = new Refused(413, 'That is far too much text for a guest book.')
  if (Number(request.headers.get('content-length') ?? 0) > mostBody) throw tooMuch
  const chunks = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > mostBody) throw tooMuch
    chunks.push(chunk)
  }
  try {
    const pairs = Buffer.concat(chunks).toString('latin1').replaceAll('+', ' ').split('&')
    return new Map(pairs.map((pair) => decodedPair(pair.split('='))))
  } catch {
    throw new Refused(400, 'The form is not well-formed UTF-8.')
  }
}

/** Throws for what is not UTF-8. */
function decodedPair([name = '', ...values]) {
  return [decodeURIComponent(name), decodeURIComponent(values.join('='))]
}

function oneLine(text) {
  return text.replace(/[\0-\x20\x7f-\xa0\u2028\u2029]+/g, ' ').trim()
}

function lines(text) {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\0-\x09\x0b-\x1f\x7f-\x9f]+/g, ' ')
    .trim()
}

// --- The page ---

const names = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

function escape(text) {
  return text.replace(/[&<>"']/g, (character) => names.get(character) ?? '')
}

function head() {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guest book</title>
<link rel="stylesheet" href="../style.css">
<main>
<h1>Guest book</h1>
`
}

function alert(trouble) {
  return `<p class="trouble" role="alert">${escape(trouble)}</p>\n`
}

async function page(book, visitor, { name, message }, trouble) {
  const token = book.sign('form', visitor)
  const owner = book.sign('owner', visitor)
  const entries = (await book.newest()).map((entry) => entryOf(entry, owner, token)).join('')
  return `${head()}${trouble === '' ? '' : alert(trouble)}<form method="post">
<input type="hidden" name="token" value="${token}">
<label for="name">Your name <small>up to ${mostName} characters</small></label>
<input id="name" name="name" value="${escape(name)}" maxlength="${mostName}" required autocomplete="name">
<label for="message">Your message <small>up to ${mostMessage} characters</small></label>
<textarea id="message" name="message" rows="4" maxlength="${mostMessage}" required>
${escape(message)}</textarea>
<button>Sign the book</button>
</form>
<section aria-label="Entries">
${entries === '' ? '<p class="empty">Nobody has written here yet. Be the first.</p>\n' : entries}</section>
</main>
`
}

function entryOf({ id, name, message, owner, written }, visitor, token) {
  const remove = `<form method="post">
<input type="hidden" name="token" value="${token}">
<button class="quiet" name="delete" value="${id}" aria-label="Delete this entry">Delete</button>
</form>
`
  return `<article>
<h2>${escape(name)}</h2>
<time datetime="${written.replace(' ', 'T')}Z">${written} UTC</time>
<p>${escape(message)}</p>
${owner === visitor ? remove : ''}</article>
`
}

function errorPage(status, reason, headers = {}) {
  return answer(status, `${head()}${alert(reason)}<p><a href="?">Back to the guest book</a></p>\n</main>\n`, headers)
}

function cookie(request, name, value) {
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
  const written = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${yearSeconds}; HttpOnly; SameSite=Lax${secure}`
  return ['set-cookie', written]
}

function answer(status, html, headers = {}) {
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      ...headers,
    },
  })
}

// --- What happens ---

async function show(request, book, status = 200, trouble = '', typed) {
  const { visitor: known, name } = cookies(request)
  const visitor = known ?? randomHex(16)
  const html = await page(book, visitor, typed ?? { name, message: '' }, trouble)
  return answer(status, html, known === undefined ? Object.fromEntries([cookie(request, 'visitor', visitor)]) : {})
}

/** Where this program is. With one slash: "//x" would be another host. */
function pathOf(mount) {
  const path = mount.replace(/^\/+/, '').replace(/[^\w.~/-]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)
  return `/${path}`
}

async function signOrDelete(request, { mount }, book) {
  const form = await readForm(request)
  const { visitor } = cookies(request)
  const typed = { name: oneLine(form.get('name') ?? ''), message: lines(form.get('message') ?? '') }
  // Another site can send this form in a visitor's name, but it does not know the token.
  if (visitor === undefined || !book.isSigned('form', visitor, form.get('token') ?? '')) {
    throw new Refused(403, 'The form was too old, or cookies are off. Please send it again.', typed)
  }
  // 303: "reload" shows the page, and does not send the form again.
  const headers = { location: pathOf(mount) }
  const number = form.get('delete') ?? ''
  if (/^[0-9]{1,15}$/.test(number)) {
    await book.remove(Number(number), book.sign('owner', visitor))
    return answer(303, null, headers)
  }
  if (!fits(typed.name, mostName)) throw new Refused(422, `A name has 1 to ${mostName} characters.`, typed)
  if (!fits(typed.message, mostMessage)) throw new Refused(422, `A message has 1 to ${mostMessage} characters.`, typed)
  await book.add(typed.name, typed.message, book.sign('owner', visitor))
  return answer(303, null, { ...headers, ...Object.fromEntries([cookie(request, 'name', typed.name)]) })
}

function fits(text, most) {
  return text !== '' && Array.from(text).length <= most
}

async function styleSheet() {
  const css = await readFile(new URL('../style.css', import.meta.url))
  return new Response(css, { headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=60' } })
}

await serve(async (request, context) => {
  const { method, url } = request
  if (!['GET', 'HEAD', 'POST'].includes(method)) {
    return errorPage(405, 'The guest book can be read and signed, nothing else.', { allow: 'GET, HEAD, POST' })
  }
  // Only where no web server in front has sent it: `node public/cgi-bin/guest-book.js`.
  if (new URL(url).pathname === '/style.css') return styleSheet()
  if (new URL(url).pathname !== '/') return errorPage(404, 'There is no such page.')
  let book
  try {
    book = await openBook()
    return await (method === 'POST' ? signOrDelete(request, context, book) : show(request, book))
  } catch (error) {
    if (error instanceof Refused) {
      if (error.typed === undefined || book === undefined) return errorPage(error.status, error.message)
      return await show(request, book, error.status, error.message, error.typed)
    }
    context.diagnostics(error instanceof Error ? `${error.stack}` : String(error)) // to the server's log
    return errorPage(503, 'The guest book cannot be opened now. Please come back later.')
  } finally {
    book?.close()
  }
})
