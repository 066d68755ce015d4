// Lines of a log on their way to records: a traceback of Python that comes in one piece is one record.

/** Lines that came at once, and were one traceback, or one line. */
export interface LogRecord {
  /** Of a traceback the line that names the exception. */
  readonly line: string
  /** Of a traceback the whole of it. */
  readonly text: string | undefined
}

const header = 'Traceback (most recent call last):'
/** Security: what follows is told apart, however a script writes. */
const mostLines = 500
const mostCharacters = 64 * 1024

/** For the rest of one that comes in parts, as a script's own interpreter writes it. */
const restMs = 100

interface Held {
  readonly lines: string[]
  readonly emit: (record: LogRecord) => void
  characters: number
  isLooked: boolean
  timer: NodeJS.Timeout | undefined
}

/** Lines of one key that are told one after another, without a pause, came in one piece. */
export class Tracebacks {
  readonly #held = new Map<string, Held>()

  push(key: string, line: string, emit: (record: LogRecord) => void): void {
    let held = this.#held.get(key)
    if (held === undefined) {
      if (line !== header) return emit({ line, text: undefined })
      held = { lines: [], emit, characters: 0, isLooked: false, timer: undefined }
      this.#held.set(key, held)
    }
    held.lines.push(line)
    held.characters += line.length
    if (held.lines.length >= mostLines || held.characters >= mostCharacters) return this.flush(key)
    if (held.isLooked) return
    held.isLooked = true
    queueMicrotask(() => this.#look(key))
  }

  /** What is held of it is told now. */
  flush(key: string): void {
    const held = this.#held.get(key)
    this.#held.delete(key)
    clearTimeout(held?.timer)
    held?.emit(recordOf(held.lines))
  }

  /** After the last line of a piece. */
  #look(key: string): void {
    const held = this.#held.get(key)
    if (held === undefined) return
    held.isLooked = false
    if (exceptionIn(held.lines) !== undefined) this.flush(key)
    else held.timer ??= setTimeout(() => this.flush(key), restMs)
  }
}

/** Of several that are chained, the last is the one that nobody caught. */
export function recordOf(lines: readonly string[]): LogRecord {
  const line = exceptionIn(lines) ?? lines.findLast((each) => each.trim() !== '') ?? ''
  return { line, text: `${lines.join('\n')}\n` }
}

/** The first line behind the frames that is not one of them. */
function exceptionIn(lines: readonly string[]): string | undefined {
  return lines.slice(lines.lastIndexOf(header) + 1).find((line) => line !== '' && !/^\s/.test(line))
}
