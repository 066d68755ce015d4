// A whole answer that came in one piece: most of what a worker, a FastCGI application or a function says is small and at
// hand at once. Whoever does not care takes it as a run that is over.

import { ByteQueue } from '../transport/byte-queue.ts'
import type { Ending } from '../events/events.ts'
import type { Answered, Running } from './executor.ts'

const ending: Ending = { exitCode: 0, signal: null, cpuMs: undefined, maxRssBytes: undefined }

export function runningOf({ output, diagnostics }: Answered): Running {
  const [out, errors] = [new ByteQueue(), new ByteQueue()]
  out.push(output)
  out.end()
  for (const chunk of diagnostics) errors.push(chunk)
  errors.end()
  const over = Promise.resolve(ending)
  return { pid: undefined, isWarm: true, output: out, diagnostics: errors, leaving: over, ending: over, end: () => {} }
}
