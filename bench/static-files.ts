/** The static files of the site: one that fits any buffer, one of a usual page's size, one that shows how bulk is sent. */
export interface StaticFile {
  readonly name: string
  readonly bytes: Buffer
}

export const helloFile: StaticFile = { name: 'hello.txt', bytes: Buffer.from('hello\n') }
export const pageFile: StaticFile = {
  name: 'page.html',
  bytes: Buffer.alloc(10 * 1024, '<p>Ten kibibytes of page.</p>\n'),
}
/** 251 is prime, so a piece that is lost or sent twice changes what follows it. */
export const blobFile: StaticFile = {
  name: 'blob.bin',
  bytes: Buffer.from(Uint8Array.from({ length: 1024 * 1024 }, (_, at) => at % 251)),
}

export const staticFiles: readonly StaticFile[] = [helloFile, pageFile, blobFile]
