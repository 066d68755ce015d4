/** `npm run bench`: reads the command line, runs what it names, prints the tables and keeps them under `bench/results`. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { measureAppStarts } from './app-start.ts'
import { compareServers } from './compare-servers.ts'
import { missingCommand } from './find-command.ts'
import { readOptions, usage, type BenchOptions, type ServeOptions, type SpawnOptions } from './options.ts'
import { resultsFolder } from './places.ts'
import { toMarkdown } from './report.ts'
import { makeSite } from './site.ts'
import { measure, spawnCostTable, type SpawnCost } from './spawn-cost.ts'
import { starters } from './spawn-starters.ts'
import { measureNode } from './warm-node.ts'

const args = process.argv.slice(2)
const tell = (line: string): void => void process.stderr.write(`${line}\n`)

/** Servers lead process groups of their own, so an interrupt of the terminal reaches only us, and we end them. */
const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => interrupted.abort(new Error(`ended by ${name}`)))
}

try {
  process.exitCode = await run(readOptions(args))
} catch (error) {
  const { reason }: { reason: unknown } = interrupted.signal
  tell(messageOf(interrupted.signal.aborted ? reason : error))
  process.exitCode = 1
}

async function run(options: BenchOptions): Promise<number> {
  if (options.kind === 'serve') return measureServers(options)
  if (options.kind === 'spawn') return measureSpawns(options)
  if (options.kind === 'app-start') {
    process.stdout.write(`${await measureAppStarts(options.rounds, interrupted.signal)}\n`)
    return 0
  }
  if (options.kind === 'node-start') {
    process.stdout.write(`${await measureNode(options.rounds, interrupted.signal)}\n`)
    return 0
  }
  process.stdout.write(usage)
  return 0
}

async function measureServers(options: ServeOptions): Promise<number> {
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
  const results = await compareServers({ ...options, command, tell }, interrupted.signal)
  const markdown = toMarkdown(results)
  process.stdout.write(markdown)
  await mkdir(resultsFolder, { recursive: true })
  await writeFile(join(resultsFolder, 'latest.md'), markdown)
  await writeFile(join(resultsFolder, 'latest.json'), `${JSON.stringify(results, undefined, 2)}\n`)
  const all = results.groups.flatMap(({ cases }) => cases)
  return all.some(({ peers }) => Object.values(peers).some(({ kind }) => kind === 'failed')) ? 1 : 0
}

async function measureSpawns({ count }: SpawnOptions): Promise<number> {
  const missing = missingCommand('gcc')
  if (missing !== undefined) throw new Error(missing)
  await using site = await makeSite()
  const program = join(site.folder, 'cgi-bin', 'hello')
  const costs: SpawnCost[] = []
  for (const { name, startOne } of starters) {
    interrupted.signal.throwIfAborted()
    costs.push(await measure(name, () => startOne(program), count))
  }
  process.stdout.write(`${spawnCostTable(costs)}\n`)
  return 0
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
