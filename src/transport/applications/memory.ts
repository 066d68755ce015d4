// How much memory a process holds.

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const pageBytes = 4096
const psMs = 2000
const run = promisify(execFile)

/** Its resident set, in bytes; undefined where the system does not say. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === 'linux') {
      const [, pages] = (await readFile(`/proc/${pid}/statm`, 'latin1')).split(' ')
      return Number(pages) * pageBytes
    }
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: psMs })
    return Number(stdout.trim()) * 1024
  } catch {
    return undefined
  }
}
