// Sockets on which web servers, or clients themselves, ask: FastCGI, SCGI, uwsgi and HTTP, up to an end in order.

import { deadlinesOf, pickLimits } from '../config/limits.ts'
import { parseListenAddress } from '../config/listen-address.ts'
import { openListeners, type OpenListener } from '../config/listeners.ts'
import { checkOptions, listenSchema } from '../config/options.ts'
import type { Observer } from '../events/events.ts'
import { textOf, type ByteString } from '../bytes/byte-string.ts'
import { Application } from './application.ts'
import { calleeOf, type Settings } from './application-options.ts'
import { Background } from './background.ts'
import type { Start } from './detect.ts'
import { endSoon } from './end-soon.ts'
import type { Target } from './handler.ts'
import type { Served, ServeOptions } from './serve-options.ts'

export async function serveSockets(
  target: Target,
  { addresses, isByHand }: Extract<Start, { kind: 'listen' }>,
  options: ServeOptions,
  { limits, origin }: Settings,
): Promise<Served> {
  const socketOptions = given(options, ['socketMode', 'socketOwner', 'allowPeers'])
  checkOptions(listenSchema, { ...socketOptions, ...pickLimits(options, 'server') }, 'serve()')
  const parsed = addresses.map(parseListenAddress)
  const background = new Background()
  const observe: Observer = options.observe ?? ((event) => (event.type === 'notice' ? log(event.text) : undefined))
  const callee = await calleeOf(target)
  const open: OpenListener[] = []
  try {
    for (const address of parsed) {
      const gateway = new Application(callee, {
        gateway: address.protocol,
        origin,
        deadlines: deadlinesOf(limits),
        maxBodyBytes: limits.maxBody,
        maxTargetBytes: limits.maxTarget,
        frontMounts: options.frontMounts,
        parts: options,
        background,
        log,
      })
      open.push(...(await openListeners([address], socketOptions, { gateway, limits, observe })))
    }
  } catch (error) {
    for (const listener of open) listener.destroy()
    throw error
  }
  const shown = open.map((listener) => listener.shown)
  const url = shown.find((address) => address.startsWith('http://')) ?? ''
  if (isByHand) for (const address of shown) process.stderr.write(`listening on ${address}\n`)
  const close = closer(open, background, limits.shutdownTimeout)
  if (options.signals !== false) endOnSignals(close)
  return { kind: 'listen', addresses: shown, url, close, [Symbol.asyncDispose]: close }
}

function log(line: ByteString): void {
  process.stderr.write(`${textOf(line)}\n`)
}

function given(options: ServeOptions, names: readonly (keyof ServeOptions)[]): Partial<ServeOptions> {
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}

/** The same end however often it is asked for. */
function closer(open: readonly OpenListener[], background: Background, limitMs: number): () => Promise<void> {
  const closeAll = async (): Promise<void> => {
    const startedAt = performance.now()
    const destroyAll = (): void => {
      for (const listener of open) listener.destroy()
    }
    const late = limitMs === 0 ? undefined : setTimeout(destroyAll, limitMs)
    await Promise.all(open.map((listener) => listener.close()))
    clearTimeout(late)
    const left = limitMs === 0 ? 0 : Math.max(1, limitMs - (performance.now() - startedAt))
    await background.settled(left)
  }
  let closed: Promise<void> | undefined
  return () => (closed ??= closeAll())
}

/** mod_fcgid and systemd send SIGTERM, mod_fastcgi SIGUSR1, a terminal SIGINT. The second one does not wait. */
function endOnSignals(close: () => Promise<void>): void {
  let isEnding = false
  const end = (): void => {
    if (isEnding) process.exit(1)
    isEnding = true
    void close().then(endSoon)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR1'] as const) process.on(signal, end)
}
