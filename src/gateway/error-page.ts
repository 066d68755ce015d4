// The page that a client sees where an answer failed: one file without script or outside resource. In development it
// says why. Security: in production nothing of a script shows; CVE-2026-25500: all of it is escaped, see html.ts.

import type { FailureKind } from '../events/failures.ts'
import { developmentSections, type DevelopmentDetails } from './error-page-details.ts'
import { style } from './error-page-style.ts'
import { Html, markup } from './html.ts'
import { reasonPhrase, statusWords } from './status-words.ts'

export { reasonPhrase } from './status-words.ts'

export interface ErrorPage {
  readonly status: number
  /** By which the log knows the request. */
  readonly id: string
  /** One sentence that clients may read, such as "The request body is larger than 1 GiB." */
  readonly detail?: string | undefined
  /** Whose words the headline has. */
  readonly failure?: FailureKind | undefined
  /** All that helps to mend a script. Only with `--dev`. */
  readonly development?: DevelopmentDetails | undefined
}

/** The page as UTF-8. */
export function errorPage({ status, id, detail, failure, development }: ErrorPage): Uint8Array {
  const { title, advice } = statusWords(status, failure)
  const isHeadline = development?.diagnosis === undefined
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${status} ${reasonPhrase(status)}</title>
<style>${style}</style>
</head>
<body${new Html(development === undefined ? '' : ' class="development"')}>
<header>
${gate}
<div>
<p class="status"><b>${status}</b> ${reasonPhrase(status)}</p>
<h1>${title}</h1>
${detail === undefined ? [] : markup`<p>${sentence(detail)}</p>`}
${isHeadline ? markup`<p>${advice}</p>` : []}
</div>
</header>
<main>
${development === undefined ? [] : developmentSections(development)}
</main>
<footer>
<p>Request <span class="mono">${id}</span></p>
${development === undefined ? [] : markup`<p>This page is shown because of <code>--dev</code>. Visitors of a server in production see the status and the request’s number, and nothing else.</p>`}
</footer>
</body>
</html>
`
  return Buffer.from(page.source, 'utf8')
}

/** A small gate in a wall, ajar. */
const gate = new Html(
  `<svg viewBox="0 0 48 56" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
<path d="M2 54h44M8 54V22a16 16 0 0 1 32 0v32"/>
<path d="M15 54V23a9 9 0 0 1 12-8.5V54" fill="currentColor" fill-opacity=".14"/>
<path d="M22.5 35.5v3"/>
</svg>`,
)

function sentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase() + text.slice(1)
  return /[.!?/]$/.test(first) ? first : `${first}.`
}
