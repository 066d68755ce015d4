// `npm run bench`: compiles the command and the benchmark (tsc does only what has changed), then runs the benchmark in
// this process, so that a signal reaches it directly and it ends the servers it started.
import { compile } from './prepare.mjs'

for (const project of ['tsconfig.json', 'test/tsconfig.json']) compile(project)
await import('../build/bench/main.js')
