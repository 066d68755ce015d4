/**
 * The temporary site that every peer serves. All of it is readable by everyone, because peers started by root drop to an
 * unprivileged account, and each peer gets a folder beside it for its configuration, sockets and logs.
 */
import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { findCommand } from './find-command.ts'
import { startPhpFpm, type PhpFpm } from './php-fpm.ts'
import { programsFolder } from './places.ts'
import { staticFiles } from './static-files.ts'
import { bulkFile } from './wsgi-cases.ts'

export interface Site extends AsyncDisposable {
  /** The document root; its `cgi-bin` holds the programs. */
  readonly folder: string
  /** The Unix socket of the php-fpm that all peers ask; undefined where there is none. */
  readonly php: string | undefined
  /** The folder of the WSGI applications; made at the first call. */
  wsgiFolder(): Promise<string>
  /** Makes the folder of a peer's own files. */
  scratch(peer: string): Promise<string>
}

const interpreted = new Set(['.sh', '.pl', '.py'])

export async function makeSite(): Promise<Site> {
  const temporary = await mkdtemp(join(tmpdir(), 'postern-bench-'))
  const folder = join(temporary, 'site')
  let php: PhpFpm | undefined
  const end = async (): Promise<void> => {
    await php?.[Symbol.asyncDispose]()
    await rm(temporary, { recursive: true, force: true })
  }
  try {
    await chmod(temporary, 0o755)
    await makeFolder(folder)
    for (const { name, bytes } of staticFiles) await writeReadable(join(folder, name), bytes)
    await writeReadable(join(folder, 'hello.php'), await readFile(join(programsFolder, 'hello.php')))
    await addPrograms(await makeFolder(join(folder, 'cgi-bin')))
    php = await startPhpFpm(await makeFolder(join(temporary, 'php-fpm')))
  } catch (error) {
    await end()
    throw error
  }
  const scratch = (peer: string): Promise<string> => makeFolder(join(temporary, peer))
  let wsgi: Promise<string> | undefined
  const wsgiFolder = (): Promise<string> => (wsgi ??= addApplications(scratch))
  return { folder, php: php?.socket, wsgiFolder, scratch, [Symbol.asyncDispose]: end }
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

async function addApplications(scratch: Site['scratch']): Promise<string> {
  const folder = await scratch('wsgi')
  const source = join(programsFolder, 'wsgi')
  for (const name of await readdir(source)) {
    if (extname(name) === '.py') await writeReadable(join(folder, name), await readFile(join(source, name)))
  }
  await writeReadable(join(folder, 'bulk.bin'), bulkFile)
  return folder
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
