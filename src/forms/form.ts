// readForm(): a whole form. Text is in memory, files are in a private folder until they are moved or the form is over.

import { tmpdir } from 'node:os'
import { tooLarge } from './form-error.ts'
import type { FormFolder } from './form-folder.ts'
import { formParts, type FormPart, type FormPartsOptions } from './form-parts.ts'
import type { FormRequest } from './form-source.ts'
import { resolveFormLimits } from './limits.ts'
import type { MoveOptions } from './move-file.ts'

export interface FormOptions extends FormPartsOptions {
  /** Where the private folder for files is made; default: the system's folder for temporary files (TMPDIR). */
  readonly folder?: string
}

/** A file of a form, stored. */
export class FormFile {
  /** Of its field. */
  readonly name: string
  /** As the client sent it. Never a path to write to. */
  readonly filename: string
  /** Of the filename what can be a file's name anywhere; another file may have it already. */
  readonly safeName: string
  /** The Content-Type that the client wrote, in small letters, without parameters. It proves nothing. */
  readonly type: string
  /** In bytes. */
  readonly size: number
  #path: string

  constructor({ name, filename, safeName, type }: FormPart, stored: { readonly path: string; readonly size: number }) {
    this.name = name
    this.filename = filename ?? ''
    this.safeName = safeName
    this.type = type
    this.size = stored.size
    this.#path = stored.path
  }

  /** Where it lies now. */
  get path(): string {
    return this.#path
  }

  /**
   * Keeps the file under this path, which is the program's to choose; its folder must be there. In one step where that
   * is possible, and never half a file. Throws an error with `code` EEXIST where something has the name.
   */
  async moveTo(path: string, options: MoveOptions = {}): Promise<void> {
    const { moveFile } = await import('./move-file.ts')
    await moveFile(this.#path, path, options)
    this.#path = path
  }
}

/**
 * A form that was read. Text and files never answer for each other: a client that sends a file where text is expected
 * sends no text.
 */
export class Form implements AsyncDisposable, Iterable<readonly [name: string, value: string | FormFile]> {
  readonly #entries: readonly (readonly [string, string | FormFile])[]
  readonly #folder: AsyncDisposable | undefined

  constructor(entries: readonly (readonly [string, string | FormFile])[], folder: AsyncDisposable | undefined) {
    this.#entries = entries
    this.#folder = folder
  }

  /** The first text of this name. */
  get(name: string): string | undefined {
    return this.getAll(name)[0]
  }

  /** All texts of this name, in the order of the body. */
  getAll(name: string): string[] {
    return this.#entries.flatMap(([key, value]) => (key === name && typeof value === 'string' ? [value] : []))
  }

  /** Whether there is a text or a file of this name. */
  has(name: string): boolean {
    return this.#entries.some(([key]) => key === name)
  }

  /** The first file of this name. */
  file(name: string): FormFile | undefined {
    return this.files(name)[0]
  }

  /** All files, or those of this name, in the order of the body. */
  files(name?: string): FormFile[] {
    return this.#entries.flatMap(([key, value]) =>
      typeof value !== 'string' && (name === undefined || key === name) ? [value] : [],
    )
  }

  /** Names with texts and files, in the order of the body. */
  [Symbol.iterator](): Iterator<readonly [string, string | FormFile]> {
    return this.#entries.values()
  }

  /** Removes the files that were not moved. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder?.[Symbol.asyncDispose]()
  }
}

/**
 * Reads a whole form. An input of files in which nothing was chosen is left out. Throws FormError, and then no file is
 * left; TypeError for options that do not exist and bodies that were read before.
 *
 *     await using form = await readForm(request)
 *     await form.file('photo')?.moveTo(`/srv/photos/${id}.jpg`)
 */
export async function readForm(request: FormRequest, options: FormOptions = {}): Promise<Form> {
  const limits = resolveFormLimits(options)
  let folder: FormFolder | undefined
  const entries: (readonly [string, string | FormFile])[] = []
  let textBytes = 0
  const count = (text: string): void => {
    textBytes += Buffer.byteLength(text)
    if (textBytes > limits.maxTextBytes) throw tooLarge('maxTextBytes', limits)
  }
  try {
    for await (const part of formParts(request, options)) {
      count(part.name)
      if (part.filename === undefined) {
        const value = await part.text()
        count(value)
        entries.push([part.name, value])
        continue
      }
      count(part.filename)
      folder ??= new (await import('./form-folder.ts')).FormFolder(options.folder ?? tmpdir())
      const stored = await folder.store(part.content)
      // HTML, "constructing the entry list": no file chosen is an empty file without a name.
      if (part.filename !== '' || stored.size > 0) entries.push([part.name, new FormFile(part, stored)])
    }
  } catch (error) {
    await folder?.[Symbol.asyncDispose]()
    throw error
  }
  return new Form(entries, folder)
}
