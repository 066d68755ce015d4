// Where a worker stands: it is asked by a signal, and answers on descriptor 2 as Python's faulthandler does.

import { setTimeout as sleep } from 'node:timers/promises'
import { byteStringOf, textOf } from '../../bytes/byte-string.ts'
import type { WorkerProcess } from './start.ts'

/** A process that does not run cannot answer. */
const answerMs = 1000
/** The rest of an answer whose beginning has come. */
const restMs = 50
/** Of one answer. */
const mostBytes = 64 * 1024

/** An answer tells of all threads: whoever asks while it is under way gets that one. */
const underWay = new WeakMap<WorkerProcess, Promise<string>>()

/** The stack of one thread, innermost frame first, without our own frames; empty where none came. */
export async function stackOf(process: WorkerProcess, thread: string): Promise<readonly string[]> {
  const asked = underWay.get(process) ?? askStacks(process)
  underWay.set(process, asked)
  return stackIn(await asked, thread)
}

async function askStacks(process: WorkerProcess): Promise<string> {
  let text = ''
  const begun = new Promise<void>((resolve) => {
    process.onWords = (chunk) => {
      if (text.length < mostBytes) text += byteStringOf(chunk)
      resolve()
    }
  })
  try {
    globalThis.process.kill(process.pid, 'SIGUSR2')
    await Promise.race([begun, sleep(answerMs)])
    await sleep(restMs)
  } catch {
    // It has ended.
  } finally {
    process.onWords = undefined
    underWay.delete(process)
  }
  return textOf(text)
}

/** Lines such as `File "/srv/app.py", line 12 in application`. */
export function stackIn(text: string, thread: string): readonly string[] {
  const blocks = text.split(/^(?=(?:Current thread|Thread) 0x)/m)
  const block =
    blocks.find((each) => each.includes(`hread ${thread} `)) ?? (blocks.length === 2 ? blocks[1] : undefined)
  if (block === undefined) return []
  const frames = block.split('\n').flatMap((line) => (/^ {2}File "/.test(line) ? [line.trim()] : []))
  const ours = frames.findIndex((line) => /launchers\/wsgi\//.test(line))
  return ours > 0 ? frames.slice(0, ours) : frames
}
