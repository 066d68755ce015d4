// Django's admin, used by a client without scripts: logs in, adds a book with a file, edits it, finds it, deletes it.

import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { superuser } from './applications.ts'
import type { Way } from './requests.ts'
import { visitor } from './visitor.ts'

export async function useAdmin({ base, data }: Way): Promise<void> {
  const { ask, follow, mount, cookie } = visitor(base)
  const post = async (path: string, fields: Readonly<Record<string, string | File>>): Promise<Response> => {
    const page = await (await ask(path)).text()
    const [, token = ''] = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page) ?? []
    const form = new FormData()
    for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, ...fields })) form.set(name, value)
    return ask(path, { method: 'POST', body: form })
  }
  const redirects = (answer: Response, to: string): void => {
    assert.deepEqual([answer.status, answer.headers.get('location')], [302, `${mount}${to}`])
  }

  redirects(await ask('/admin/'), `/admin/login/?next=${mount}/admin/`)
  const wrong = await post('/admin/login/', { username: superuser.name, password: 'no' })
  assert.equal(wrong.status, 200)
  assert.match(await wrong.text(), /Please enter the correct username/)
  const next = `${mount}/admin/`
  const login = { username: superuser.name, password: superuser.password, next }
  redirects(await post(`/admin/login/?next=${encodeURIComponent(next)}`, login), '/admin/')
  assert.ok(cookie('sessionid') !== undefined)

  // Without the token of the form: Django's own refusal.
  const forged = await ask('/admin/library/book/add/', { method: 'POST', body: new URLSearchParams({ title: 'x' }) })
  assert.equal(forged.status, 403)

  const home = await (await ask('/admin/')).text()
  const [, sheet = ''] = /href="([^"]+base\.css)"/.exec(home) ?? []
  assert.equal((await follow(sheet)).headers.get('content-type')?.split(';')[0], 'text/css')

  const title = `Süße Bücher ${randomUUID()}`
  const cover = randomBytes(400_000)
  const name = `${randomUUID()}.bin`
  const book = { title, author: 'N. N.', cover: new File([new Uint8Array(cover)], name) }
  redirects(await post('/admin/library/book/add/', book), '/admin/library/book/')
  assert.ok(readdirSync(join(data.folder, 'media/covers')).includes(name))
  assert.ok(readFileSync(join(data.folder, 'media/covers', name)).equals(cover))

  const find = async (text: string): Promise<string> => {
    const list = await (await ask(`/admin/library/book/?q=${encodeURIComponent(text)}`)).text()
    // In the table: the messages above it have links, too.
    return /"field-title"><a href="[^"]*\/admin\/library\/book\/(\d+)\/change\/[^"]*"/.exec(list)?.[1] ?? ''
  }
  const id = await find(title)
  assert.notEqual(id, '')
  const edited = `Other ${randomUUID()}`
  redirects(await post(`/admin/library/book/${id}/change/`, { title: edited, author: 'A. B.' }), '/admin/library/book/')
  assert.equal(await find(title), '')
  assert.equal(await find(edited), id)
  redirects(await post(`/admin/library/book/${id}/delete/`, { post: 'yes' }), '/admin/library/book/')
  assert.equal(await find(edited), '')

  assert.equal((await ask('/admin/logout/')).status, 200)
  redirects(await ask('/admin/'), `/admin/login/?next=${mount}/admin/`)
}
