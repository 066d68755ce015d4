// A folder made for one test, with the files and scripts that it names; gone when the test is over.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface TemporarySite extends Disposable {
  readonly root: string
  /** Writes a file; a script (content that begins with "#!") gets mode 755, others 644, unless a mode is given. */
  add(path: string, content: string | Uint8Array, mode?: number): string
}

export function temporarySite(files: Readonly<Record<string, string | Uint8Array>> = {}): TemporarySite {
  const root = mkdtempSync(join(tmpdir(), 'postern-test-'))
  chmodSync(root, 0o755)
  const add = (path: string, content: string | Uint8Array, mode?: number): string => {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    chmodSync(file, mode ?? (Buffer.from(content).subarray(0, 2).toString() === '#!' ? 0o755 : 0o644))
    return file
  }
  for (const [path, content] of Object.entries(files)) add(path, content)
  return { root, add, [Symbol.dispose]: () => removeTree(root) }
}

/** Also folders that their owner may not enter, whatever bytes their names are made of. */
function removeTree(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    execFileSync('chmod', ['-R', 'u+rwx', folder])
    rmSync(folder, { recursive: true, force: true })
  }
}
