// HTML whose insertions are escaped because of their type: a string is text, and only what this tag made is markup.
// Security: CVE-2026-25500: a name in a page of ours must never become markup.

export class Html {
  readonly source: string
  /** `source` stands in the page as it is. */
  constructor(source: string) {
    this.source = source
  }
}

export type Insertion = string | number | Html | readonly Html[]

/** A template tag: markup`<p>${text}</p>`. */
export function markup(parts: TemplateStringsArray, ...insertions: readonly Insertion[]): Html {
  const written = insertions.map((insertion, index) => sourceOf(insertion) + (parts[index + 1] ?? ''))
  return new Html((parts[0] ?? '') + written.join(''))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function sourceOf(insertion: Insertion): string {
  if (insertion instanceof Html) return insertion.source
  if (typeof insertion === 'object') return insertion.map(({ source }) => source).join('')
  return String(insertion).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
