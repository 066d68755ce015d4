/**
 * The temporary site that every peer serves. All of it is readable by everyone, because peers started by root drop to an
 * unprivileged account, and each peer gets a folder beside it for its configuration, sockets and logs.
 */
import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { findCommand } from './find-command.ts'
import { programsFolder } from './places.ts'
import { staticFiles } from './static-files.ts'

export interface Site extends AsyncDisposable {
  /** The document root; its `cgi-bin` holds the programs. */
  readonly folder: string
  /** Makes the folder of a peer's own files. */
  scratch(peer: string): Promise<string>
}

const interpreted = new Set(['.sh', '.pl', '.py'])

export async function makeSite(): Promise<Site> {
  const temporary = await mkdtemp(join(tmpdir(), 'postern-bench-'))
  const site: Site = {
    folder: join(temporary, 'site'),
    scratch: (peer) => makeFolder(join(temporary, peer)),
    [Symbol.asyncDispose]: () => rm(temporary, { recursive: true, force: true }),
  }
  try {
    await chmod(temporary, 0o755)
    await makeFolder(site.folder)
    for (const { name, bytes } of staticFiles) await writeReadable(join(site.folder, name), bytes)
    await addPrograms(await makeFolder(join(site.folder, 'cgi-bin')))
  } catch (error) {
    await site[Symbol.asyncDispose]()
    throw error
  }
  return site
}

async function addPrograms(cgiBin: string): Promise<void> {
  for (const name of await readdir(programsFolder)) {
    if (!interpreted.has(extname(name))) continue
    await copyFile(join(programsFolder, name), join(cgiBin, name))
    await chmod(join(cgiBin, name), 0o755)
  }
  const compiler = findCommand('gcc')
  if (compiler === undefined) return // the case that needs the program says so
  const hello = join(cgiBin, 'hello')
  const { status, stderr } = spawnSync(compiler, ['-O2', '-o', hello, join(programsFolder, 'hello.c')], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`hello.c does not compile: ${stderr}`)
  await chmod(hello, 0o755)
}

/** Sets the mode by itself, since the mode given to mkdir is cut by the umask. */
async function makeFolder(path: string): Promise<string> {
  await mkdir(path)
  await chmod(path, 0o755)
  return path
}

async function writeReadable(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes)
  await chmod(path, 0o644)
}
