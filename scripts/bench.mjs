// `npm run bench`: compiles the command and the benchmark (tsc does only what has changed), then runs the benchmark in
// this process, so that a signal reaches it directly and it ends the servers it started.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

for (const project of ['tsconfig.json', 'test/tsconfig.json']) {
  const args = ['node_modules/typescript/bin/tsc', '-p', project]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
await import('../build/bench/main.js')
