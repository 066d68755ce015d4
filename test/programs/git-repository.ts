// A bare repository for a test, made and used by a git that is told nothing of the user's own configuration.

import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporarySite } from '../support/temporary-site.ts'
import { runTool, type ToolOutput } from './run-tool.ts'

export interface GitWorld extends Disposable {
  /** Everything of this test lies below it. */
  readonly root: string
  /** The folder of the bare repositories. */
  readonly repositories: string
  /** What git, as client and as server, finds in its environment. */
  readonly env: Readonly<Record<string, string>>
  git(folder: string, ...args: readonly string[]): Promise<ToolOutput>
  /** With what it says to the server, on its standard error. */
  traced(what: 'CURL' | 'PACKET', folder: string, ...args: readonly string[]): Promise<ToolOutput>
}

const configuration = `
[safe]
  directory = *
[user]
  name = Ada Example
  email = ada@example.org
[init]
  defaultBranch = main
[gc]
  auto = 0
`

/** With one bare repository, `project.git`, that takes pushes and has one commit. */
export async function gitWorld(): Promise<GitWorld> {
  const site = temporarySite({ 'home/gitconfig': configuration })
  const env = {
    HOME: join(site.root, 'home'),
    GIT_CONFIG_GLOBAL: join(site.root, 'home/gitconfig'),
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  }
  const repositories = join(site.root, 'repositories')
  mkdirSync(repositories)
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(GIT_|(HTTPS?|ALL)_PROXY$)/i.test(name)),
  )
  const git = (folder: string, ...args: readonly string[]): Promise<ToolOutput> =>
    runTool('git', args, { cwd: folder, env: { ...own, ...env } })
  const traced: GitWorld['traced'] = (what, folder, ...args) => {
    const trace = { [`GIT_TRACE_${what}`]: '1', GIT_TRACE_CURL_NO_DATA: '1' }
    return runTool('git', args, { cwd: folder, env: { ...own, ...env, ...trace } })
  }

  await git(repositories, 'init', '--quiet', '--bare', 'project.git')
  await git(join(repositories, 'project.git'), 'config', 'http.receivepack', 'true')
  writeFileSync(join(repositories, 'project.git/description'), 'A project of the tests\n')
  const first = join(site.root, 'first')
  await git(site.root, 'clone', '--quiet', join(repositories, 'project.git'), first)
  writeFileSync(join(first, 'README'), 'read me\n')
  await git(first, 'add', 'README')
  await git(first, 'commit', '--quiet', '--message', 'The first commit')
  await git(first, 'push', '--quiet', 'origin', 'HEAD:main')
  return { root: site.root, repositories, env, git, traced, [Symbol.dispose]: () => site[Symbol.dispose]() }
}

/** Adds a file of bytes that cannot be made smaller, as one commit. */
export async function commitRandomFile(world: GitWorld, folder: string, name: string, bytes: number): Promise<void> {
  writeFileSync(join(folder, name), randomBytes(bytes))
  await world.git(folder, 'add', name)
  await world.git(folder, 'commit', '--quiet', '--message', `Add ${name}`)
}
