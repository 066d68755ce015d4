// Brings a clone to where it can run: installs what package-lock.json names and compiles, each only where it is due.

import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Ends this process with a line that says which step failed. */
function step(name, command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status === 0) return
  process.stderr.write(`postern: ${name} failed${error === undefined ? '' : `: ${error.message}`}\n`)
  process.exit(1)
}

export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  process.stderr.write(`postern: Node 20.19 or newer is needed; this is ${process.versions.node}\n`)
  process.exit(1)
}

export function install() {
  const marker = join(root, 'node_modules/.package-lock.json')
  const lock = join(root, 'package-lock.json')
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return
  // Not `npm ci`: it refuses a lock that does not list the compiled parts of every other platform.
  step('npm install', 'npm', ['install', '--no-save', '--no-audit', '--no-fund'])
}

/** tsc itself knows what has changed. */
export function compile(project) {
  step(`compiling ${project}`, process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project])
  if (project === 'tsconfig.json')
    step('bundling postern/app', process.execPath, [join(root, 'scripts/bundle-app.mjs')])
}
