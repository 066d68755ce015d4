// Where a worker stands: it is asked by a signal, and answers on descriptor 2 as Python's faulthandler does.

import { setTimeout as sleep } from 'node:timers/promises'
import { byteStringOf, textOf } from '../../bytes/byte-string.ts'

/** A process that can be asked. */
export interface AskedProcess {
  readonly pid: number
  /** The same for all whose words come mixed. */
  readonly speaker: object
  /** While somebody listens, they do not go to the log. */
  set onWords(listener: ((chunk: Uint8Array) => void) | undefined)
}

/** A process that does not run cannot answer. */
const answerMs = 1000
/** The rest of an answer whose beginning has come. */
const restMs = 50
/** Of one answer. */
const mostBytes = 64 * 1024

/** In place of a thread's number: the one that was there first, which faulthandler tells of last. */
export const loadingThread = 'first'

/** One question at a time, where the answers would be mixed. */
const asking = new WeakMap<object, Promise<unknown>>()

/** The stack of one thread, innermost frame first, without our own frames; empty where none came. */
export function stackOf(process: AskedProcess, thread: string): Promise<readonly string[]> {
  const before = asking.get(process.speaker) ?? Promise.resolve()
  const answer = before.then(() => ask(process, thread))
  asking.set(process.speaker, answer)
  return answer
}

async function ask(process: AskedProcess, thread: string): Promise<readonly string[]> {
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
  }
  return stackIn(textOf(text), thread)
}

/** Lines such as `File "/srv/app.py", line 12 in application`. */
export function stackIn(text: string, thread: string): readonly string[] {
  const blocks = text
    .split(/^(?=(?:Current thread|Thread) 0x)/m)
    .filter((block) => /^(?:Current t|T)hread /.test(block))
  const named = blocks.find((each) => each.includes(`hread ${thread} `))
  const block = named ?? (blocks.length === 1 || thread === loadingThread ? blocks.at(-1) : undefined)
  if (block === undefined) return []
  // How Python imports says nothing of the application.
  const frames = block
    .split('\n')
    .flatMap((line) =>
      /^ {2}File "(?!<frozen importlib|[^"]*\/importlib\/__init__\.py")/.test(line) ? [line.trim()] : [],
    )
  const ours = frames.findIndex((line) => /launchers\/wsgi\//.test(line))
  return ours > 0 ? frames.slice(0, ours) : frames
}
