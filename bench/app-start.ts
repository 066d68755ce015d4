/**
 * What `postern/app` adds to a CGI program, for which each request pays: processes from start to end, in turn, so that a
 * busy machine is busy for all of them alike.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { markdownTable } from './markdown-table.ts'
import { programsFolder } from './places.ts'
import { figureOf } from './statistics.ts'

const programs: readonly (readonly [file: string, name: string])[] = [
  ['empty.mjs', 'an empty script'],
  ['import.mjs', 'import of postern/app'],
  ['write.mjs', 'an answer by process.stdout.write'],
  ['platform.mjs', 'the same from the platform’s Request and Response'],
  ['fetch.mjs', 'serve() with a fetch function'],
  ['listener.mjs', 'serve() with a listener of node:http'],
]

const environment = {
  GATEWAY_INTERFACE: 'CGI/1.1',
  REQUEST_METHOD: 'GET',
  SCRIPT_NAME: '/cgi-bin/hello.mjs',
  QUERY_STRING: '',
  SERVER_NAME: 'localhost',
  SERVER_PORT: '80',
  SERVER_PROTOCOL: 'HTTP/1.1',
  REMOTE_ADDR: '127.0.0.1',
}

export async function measureAppStarts(rounds: number, signal: AbortSignal): Promise<string> {
  const times = new Map<string, number[]>(programs.map(([file]) => [file, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [file] of programs) {
      signal.throwIfAborted()
      times.get(file)?.push(await runOnce(file))
    }
  }
  const rows = programs.map(([file, name]) => {
    const all = times.get(file) ?? []
    return [name, figureOf(all).median.toFixed(1), Math.min(...all).toFixed(1)]
  })
  return markdownTable(['CGI program', 'median ms', 'least ms'], rows)
}

async function runOnce(file: string): Promise<number> {
  const before = performance.now()
  const env = { PATH: process.env['PATH'], ...environment }
  const child = spawn(process.execPath, [join(programsFolder, 'app', file)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.resume()
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${file} ended with ${String(code)}`)
  return performance.now() - before
}
