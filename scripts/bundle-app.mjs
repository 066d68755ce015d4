// Makes one file of each part of `postern/app` that a CGI program loads: Node takes more than a millisecond for every
// module, and there would be forty in each request. What serves sockets stays as it is: it is loaded once.

import { readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')

/** Found from dist/bundled. */
const serveSockets = {
  name: 'serve-sockets',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/serve-sockets\.ts$/ }, () => ({ path: '../app/serve-sockets.js', external: true })),
}

const folder = join(root, 'dist/bundled')
const { metafile } = await build({
  entryPoints: [join(root, 'src/app.ts')],
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  plugins: [serveSockets],
  logLevel: 'warning',
  metafile: true,
})

// Of an earlier build.
const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)))
for (const name of readdirSync(folder)) if (!made.has(name)) rmSync(join(folder, name))
