// Django's admin, served by `postern wsgi` below a mount, and used by a person in Chromium: logs in, adds a user, adds a
// book with an uploaded file, sees it in the list, logs out.

import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startBrowser } from '../../support/browser.ts'
import { missing } from '../../support/real-parts.ts'
import { owning } from '../../support/owning.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { applications, moduleMissing, prepare, python, superuser } from './applications.ts'
import { startApplication } from './play.ts'

const skip = missing(python, 'chromium') || moduleMissing('django')
const mount = '/office'

test('Django’s admin in Chromium: log in, add a user and a book with a file, log out', { skip }, async () => {
  await using stage = await owning(async (own) => {
    const site = own(temporarySite())
    const data = prepare(applications.django, join(site.root, 'data'))
    const served = await startApplication(own, site, applications.django, data, mount)
    return { data, base: `${served.sockets.http}${mount}`, log: served.log, browser: own(await startBrowser()) }
  })
  const { open, until, run, screenshot } = stage.browser
  const submit = (fields: Readonly<Record<string, string>>, button: string): Promise<unknown> =>
    run(`{
      for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
        document.querySelector('[name="' + name + '"]').value = value
      }
      document.querySelector(${JSON.stringify(button)}).click()
    }`)
  const sees = (text: string): Promise<void> => until(`document.body.innerText.includes(${JSON.stringify(text)})`)
  const picture = async (name: string): Promise<void> => {
    const folder = process.env['POSTERN_SCREENSHOTS']
    if (folder === undefined) return
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${name}.png`), await screenshot())
  }

  await open(`${stage.base}/admin/`)
  await until(`document.querySelector('[name=password]') !== null`)
  await submit({ username: superuser.name, password: superuser.password }, '[type=submit]')
  await sees('Site administration')
  // The style sheet has come: the header has its colour.
  await until(`getComputedStyle(document.querySelector('#header')).backgroundColor === 'rgb(65, 118, 144)'`)
  await picture('home')

  await open(`${stage.base}/admin/auth/user/add/`)
  await until(`document.querySelector('[name=password2]') !== null`)
  const password = 'a long walk at night'
  await submit({ username: 'grace', password1: password, password2: password }, '[name=_save]')
  await sees('was added successfully')
  await open(`${stage.base}/admin/auth/user/`)
  await until(`[...document.querySelectorAll('.field-username')].some((one) => one.innerText === 'grace')`)

  await open(`${stage.base}/admin/library/book/add/`)
  await until(`document.querySelector('[name=cover]') !== null`)
  // As a person's choice of a file does.
  await run(`{
    const chosen = new DataTransfer()
    chosen.items.add(new File(['a'.repeat(100000)], 'cover.txt'))
    document.querySelector('[name=cover]').files = chosen.files
  }`)
  await submit({ title: 'Die Blendung, “Auto-da-Fé”', author: 'Elias Canetti' }, '[name=_save]')
  await sees('was added successfully')
  await until(`document.querySelector('#result_list').innerText.includes('Die Blendung, “Auto-da-Fé”')`)
  await picture('list')
  const covers = join(stage.data.folder, 'media/covers')
  assert.deepEqual(readdirSync(covers), ['cover.txt'])
  assert.equal(readFileSync(join(covers, 'cover.txt'), 'utf8'), 'a'.repeat(100_000))

  await run(`document.querySelector('#user-tools [href$="/logout/"]').click()`)
  await sees('Thanks for spending some quality time')
  await open(`${stage.base}/admin/`)
  await until(`location.pathname === '${mount}/admin/login/'`)
  assert.doesNotMatch(stage.log(), /Traceback/)
})
