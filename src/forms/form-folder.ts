// The private folder that holds the files of one form until they are moved or the form is over.

import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes } from '../bytes/byte-string.ts'
import { writeAt } from '../transport/spool.ts'
import { notStored } from './form-error.ts'

export class FormFolder implements AsyncDisposable {
  readonly #parent: string
  #path: string | undefined

  constructor(parent: string) {
    this.#parent = parent
  }

  /**
   * Writes a file of mode 0600 in the folder of mode 0700, made with the first of them. Security: under a random name,
   * never one of the client's. Throws FormError.
   */
  async store(content: Bytes): Promise<{ readonly path: string; readonly size: number }> {
    const file = await this.#open().catch((error: unknown) => {
      throw notStored(this.#parent, error)
    })
    let size = 0
    try {
      for await (const chunk of content) {
        await writeAt(file.handle, chunk, size).catch((error: unknown) => {
          throw notStored(this.#parent, error)
        })
        size += chunk.length
      }
    } finally {
      // A network's file system says here that it is full.
      await file.handle.close().catch((error: unknown) => {
        throw notStored(this.#parent, error)
      })
    }
    return { path: file.path, size }
  }

  async #open(): Promise<{ readonly path: string; readonly handle: Awaited<ReturnType<typeof open>> }> {
    this.#path ??= await mkdtemp(join(this.#parent, 'postern-form-'))
    const path = join(this.#path, randomBytes(12).toString('hex'))
    return { path, handle: await open(path, 'wx', 0o600) }
  }

  /** With all that was not moved. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#path !== undefined) await rm(this.#path, { recursive: true, force: true })
    this.#path = undefined
  }
}
