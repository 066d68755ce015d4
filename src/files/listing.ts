// A folder's listing, where it is asked for. Names are shown, never trusted.

import { readdirSync, statSync, type Stats } from 'node:fs'
import { byteStringOf, textOf, type ByteString } from '../bytes/byte-string.ts'
import { percentEncode } from '../protocol/http/request-target.ts'
import { fileSystemPath } from './file-path.ts'

const mostEntries = 10_000

/** An HTML page. Security: CVE-2026-25500: every name is escaped, as text and as a link. */
export function listingPage(folder: ByteString, urlPath: ByteString): Uint8Array {
  const names = readdirSync(fileSystemPath(folder), { encoding: 'buffer' })
    .map(byteStringOf)
    .filter((name) => !name.startsWith('.'))
    .toSorted()
    .slice(0, mostEntries)
  const rows = names.map((name) => row(folder, name)).join('\n')
  const title = escapeHtml(`Index of ${textOf(urlPath)}`)
  const up = urlPath === '/' ? '' : '<li><a href="../">../</a></li>\n'
  return Buffer.from(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:50rem;margin:3rem auto;padding:0 1rem}
ul{list-style:none;padding:0}li{display:flex;justify-content:space-between;gap:1rem}</style></head>
<body><h1>${title}</h1>
<ul>
${up}${rows}
</ul></body></html>
`)
}

function row(folder: ByteString, name: ByteString): string {
  const stat = look(`${folder}/${name}`)
  const slash = stat?.isDirectory() === true ? '/' : ''
  const size = stat === undefined || slash !== '' ? '' : `<span>${stat.size}</span>`
  return `<li><a href="./${percentEncode(name)}${slash}">${escapeHtml(textOf(name))}${slash}</a>${size}</li>`
}

function look(path: ByteString): Stats | undefined {
  try {
    return statSync(fileSystemPath(path), { throwIfNoEntry: false })
  } catch {
    return undefined // A circle of links, say: its name is all that can be told.
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
