// Chromium without a window, by the DevTools protocol over two pipes: as much of it as a test needs to browse a site.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Browser extends AsyncDisposable {
  readonly open: (url: string) => Promise<void>
  /** Looks until the expression is true in the page, whatever is being loaded. Throws after half a minute, with its text. */
  readonly until: (expression: string) => Promise<void>
  /** Runs the statements in the page; they may leave it. */
  readonly run: (statements: string) => Promise<unknown>
  /** A PNG file. */
  readonly screenshot: () => Promise<Buffer>
}

const longestMs = 30_000
const lookEveryMs = 50

type Parameters = Readonly<Record<string, unknown>>

/** `width`: of the window, in pixels of CSS, as on a telephone. */
export async function startBrowser(width?: number): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'postern-browser-'))
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-pipe']
  const child = spawn('chromium', [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const [, , , input, output] = child.stdio
  if (!(input instanceof Writable) || !(output instanceof Readable)) throw new TypeError('chromium has no pipes')
  const exited = once(child, 'exit')
  const connection = new Connection(input, output)
  const dispose = async (): Promise<void> => {
    // With all that it has started: it leads a group of its own.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await exited
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await connection.send('Target.attachToTarget', { targetId, flatten: true })
    const send = (method: string, params: Parameters = {}): Promise<Parameters> =>
      connection.send(method, params, sessionId)
    if (width !== undefined) {
      const size = { width, height: 900, deviceScaleFactor: 1, mobile: true }
      await send('Emulation.setDeviceMetricsOverride', size)
    }
    const evaluate = async (expression: string): Promise<unknown> => {
      const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, returnByValue: true })
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
      return valueOf(result)
    }
    return {
      open: async (url) => void (await send('Page.navigate', { url })),
      run: evaluate,
      async until(expression) {
        const deadline = performance.now() + longestMs
        // While a page is left there is nothing to ask.
        while ((await evaluate(expression).catch(() => false)) !== true) {
          if (performance.now() > deadline) {
            const seen = await evaluate('location.href + "\\n" + document.body.innerText')
            throw new Error(`never true: ${expression}\n${String(seen)}`)
          }
          await sleep(lookEveryMs)
        }
      },
      async screenshot() {
        const { data } = await send('Page.captureScreenshot', { format: 'png' })
        return Buffer.from(String(data), 'base64')
      },
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** Messages are JSON, each ended by a NUL. */
class Connection {
  readonly #input: Writable
  readonly #waiting = new Map<number, (message: Parameters) => void>()
  #id = 0
  #rest = ''

  constructor(input: Writable, output: Readable) {
    this.#input = input
    input.on('error', () => {}) // It has ended; whoever waits hears so by the time.
    output.setEncoding('utf8').on('data', (text: string) => {
      const messages = (this.#rest + text).split('\0')
      this.#rest = messages.pop() ?? ''
      for (const message of messages) this.#take(JSON.parse(message))
    })
  }

  async send(method: string, params: Parameters, sessionId?: unknown): Promise<Parameters> {
    const id = ++this.#id
    const answer = new Promise<Parameters>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`chromium does not answer ${method}`)), longestMs)
      this.#waiting.set(id, (message) => {
        clearTimeout(late)
        resolve(message)
      })
    })
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    const { result, error } = await answer
    if (!isObject(result)) throw new Error(`chromium: ${method}: ${JSON.stringify(error)}`)
    return result
  }

  #take(message: unknown): void {
    if (!isObject(message) || typeof message['id'] !== 'number') return // An event.
    this.#waiting.get(message['id'])?.(message)
    this.#waiting.delete(message['id'])
  }
}

function isObject(value: unknown): value is Parameters {
  return typeof value === 'object' && value !== null
}

function valueOf(result: unknown): unknown {
  return isObject(result) ? result['value'] : undefined
}
