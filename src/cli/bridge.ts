// `postern bridge`: from any frontend to any executor, and nothing else: what fcgiwrap and its kin do, for every pair.

import { resolve } from 'node:path'
import { createGateway, type PosternGateway, type PosternListener } from '../config/create-gateway.ts'
import { folder, type DestinationMaker } from '../config/destinations.ts'
import { flagOf, pickLimits } from '../config/limits.ts'
import { fastcgi } from '../config/upstreams/fastcgi.ts'
import { proxy } from '../config/upstreams/proxy.ts'
import { scgi } from '../config/upstreams/scgi.ts'
import { uwsgi } from '../config/upstreams/uwsgi.ts'
import type { Observer } from '../events/events.ts'
import { isSocketAddress, kindMissing } from '../config/listen-address.ts'
import { errorLog } from '../observers/error-log.ts'
import { given, nameOptions, socketOptions, type ListenerFlags } from './listener-flags.ts'
import { logStream } from './log-stream.ts'
import { scriptOptions, type ScriptFlags } from './script-flags.ts'
import { observer, stopped } from './serve.ts'

export interface BridgeFlags extends ScriptFlags, ListenerFlags {
  readonly from?: readonly string[]
  readonly to?: readonly string[]
  readonly root?: string
  readonly remoteRoot?: string
  readonly linkRoot?: readonly string[]
  readonly extension?: readonly string[]
  readonly modifier1?: number
  readonly modifier2?: number
  readonly upstreamHost?: string
  readonly untyped?: string
  readonly encodedSlashes?: string
}

/** Resolves to the exit code. Throws TypeError for what cannot be bridged. */
export async function bridgeCommand(flags: BridgeFlags): Promise<number> {
  const from = readFrom(flags.from ?? [])
  const to = destinationOf(readTo(flags.to ?? []), flags)
  const dev = from === 'cgi' ? flags.dev === true : (flags.dev ?? (flags.prod === true ? false : process.stdout.isTTY))
  // As a CGI program standard output is the answer.
  const observe = from === 'cgi' ? errorLog(logStream(process.stderr)) : observer(dev, flags.accessLog)
  // RFC 3875 4.1.13: SCRIPT_NAME leads to this bridge, and so to whoever answers in its place; PATH_INFO is theirs.
  const path = from === 'cgi' ? (process.env['SCRIPT_NAME'] ?? '/') : '/'
  await using gateway = createGateway({ ...gatewayOptions(flags, dev, observe), routes: [{ path, to }] })
  if (from === 'cgi') return (await gateway.cgi({ passVariables: flags.passVariable ?? [] })) ? 0 : 1
  const listeners = await listenAt(gateway, from, flags)
  for (const { addresses } of listeners)
    for (const address of addresses) process.stdout.write(`listening on ${address}\n`)
  await stopped({
    close: async () => void (await Promise.all(listeners.map((listener) => listener.close()))),
    destroy: async () => void (await Promise.all(listeners.map((listener) => listener.destroy()))),
  })
  return 0
}

const fromKinds = ['http', 'fastcgi', 'scgi', 'uwsgi']

function readFrom(from: readonly string[]): 'cgi' | readonly string[] {
  const takes = `--from takes cgi, or KIND:ADDRESS where KIND is ${fromKinds.join(', ')}, as in http:127.0.0.1:8080`
  if (from.length === 0) throw new TypeError(`a bridge has two sides: who asks is missing. ${takes}`)
  if (from.includes('cgi')) {
    if (from.length > 1) throw new TypeError('--from cgi answers one request and stands alone')
    return 'cgi'
  }
  for (const text of from) {
    const [kind = ''] = text.split(':', 1)
    if (isSocketAddress(text)) throw new TypeError(`--from: ${kindMissing(text)}`)
    if (!fromKinds.includes(kind) || kind === text) throw new TypeError(`${takes}, not ${JSON.stringify(text)}`)
  }
  return from
}

interface To {
  readonly kind: 'process' | 'warm' | 'fastcgi' | 'scgi' | 'uwsgi' | 'http'
  readonly addresses: readonly string[]
}

const upstreamKinds = ['fastcgi', 'scgi', 'uwsgi', 'http'] as const

function readTo(to: readonly string[]): To {
  const takes = `--to takes process, warm, or KIND:ADDRESS where KIND is ${upstreamKinds.join(', ')}, as in fastcgi:unix:/run/php.sock`
  if (to.length === 0) throw new TypeError(`a bridge has two sides: who answers is missing. ${takes}`)
  const [first = ''] = to
  if (first === 'process' || first === 'warm') {
    if (to.length > 1) throw new TypeError(`--to ${first} stands alone; only upstreams of one kind can be several`)
    return { kind: first, addresses: [] }
  }
  const [name = ''] = first.split(':', 1)
  const kind = upstreamKinds.find((known) => known === name)
  const addresses = to.map((text) => {
    if (isSocketAddress(text)) throw new TypeError(`--to: ${kindMissing(text)}`)
    if (text.startsWith('https:')) throw new TypeError(`--to: an upstream is asked by plain HTTP, not by ${text}`)
    const [, authority] = /^[a-z]+:\/\/([^/]*)/.exec(text) ?? []
    if (authority !== undefined) {
      throw new TypeError(`--to: an address is no URL; write ${first.split(':', 1)[0] ?? ''}:${authority}, not ${text}`)
    }
    if (kind === undefined || !/^[a-z]+:/.test(text)) throw new TypeError(`${takes}, not ${JSON.stringify(text)}`)
    if (!text.startsWith(`${kind}:`)) {
      throw new TypeError(`several upstreams are of one kind, and ${JSON.stringify(text)} is not ${kind}`)
    }
    return text.slice(kind.length + 1)
  })
  return { kind: kind ?? 'http', addresses }
}

/** Flags of one kind of destination, and what they are for. */
const ofKinds: readonly (readonly [flag: keyof BridgeFlags, kinds: readonly To['kind'][]])[] = [
  ['root', ['process', 'warm', 'fastcgi']],
  ['remoteRoot', ['fastcgi']],
  ['linkRoot', ['process', 'warm', 'fastcgi']],
  ['extension', ['fastcgi']],
  ['modifier1', ['uwsgi']],
  ['modifier2', ['uwsgi']],
  ['upstreamHost', ['http']],
  ['passEnv', ['process', 'warm']],
  ['pythonCgi', ['process', 'warm']],
  ['searchWords', ['process', 'warm']],
  ['preload', ['warm']],
]

function destinationOf({ kind, addresses }: To, flags: BridgeFlags): DestinationMaker {
  for (const [name, kinds] of ofKinds) {
    if (flags[name] === undefined || kinds.includes(kind)) continue
    throw new TypeError(`${flagOf(name)} has no effect with --to ${kind}; it is for ${kinds.join(', ')}`)
  }
  const { root, linkRoot: linkRoots } = flags
  const { env = {}, passAuthorization, passFields = [], ...ofScripts } = scriptOptions(flags)
  const policy = {
    env,
    passFields,
    // An upstream is a server of its own, and sees it unless it is told otherwise.
    ...(flags.passAuthorization === undefined ? {} : { passAuthorization }),
    ...given({ untyped: flags.untyped, encodedSlashes: flags.encodedSlashes }),
  }
  switch (kind) {
    case 'process':
    case 'warm':
      if (root === undefined) throw new TypeError(`--to ${kind} needs --root: the folder whose programs answer`)
      return folder(root, { ...ofScripts, ...policy, ...given({ linkRoots }), warm: kind === 'warm' ? 'on' : 'off' })
    case 'fastcgi': {
      const ofFolder = { extensions: flags.extension, remoteRoot: flags.remoteRoot, linkRoots }
      return fastcgi(addresses, {
        ...policy,
        ...given({ root: root === undefined ? root : resolve(root), ...ofFolder }),
      })
    }
    case 'scgi':
      return scgi(addresses, policy)
    case 'uwsgi':
      return uwsgi(addresses, { ...policy, ...given({ modifier1: flags.modifier1, modifier2: flags.modifier2 }) })
    case 'http':
      return proxy(addresses, { ...policy, ...given({ host: flags.upstreamHost }) })
  }
}

function gatewayOptions(flags: BridgeFlags, dev: boolean, observe: Observer): object {
  return {
    ...pickLimits(flags, 'script', 'program', 'upstream', 'gateway'),
    ...nameOptions(flags),
    dev,
    observe,
  }
}

async function listenAt(
  gateway: PosternGateway,
  from: readonly string[],
  flags: BridgeFlags,
): Promise<readonly PosternListener[]> {
  const options = {
    ...pickLimits(flags, 'server'),
    ...socketOptions(flags),
  }
  const listeners: PosternListener[] = []
  for (const address of from) listeners.push(await gateway.listen(address, options))
  return listeners
}
