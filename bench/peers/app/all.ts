/** The ways to serve an application in TypeScript, in the order of the tables' columns. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Peer } from '../peer.ts'
import { postern } from '../postern.ts'
import { alone } from './alone.ts'
import { behindNginx } from './behind-nginx.ts'

const node = (): string => `Node ${process.version}`
const own = (): string => postern.version()

function nodeFastCgi(): string {
  const path = createRequire(import.meta.url).resolve('node-fastcgi/package.json')
  const { version }: { version: string } = JSON.parse(readFileSync(path, 'utf8'))
  return `node-fastcgi ${version}`
}

function byPostern(name: string, protocol: 'fastcgi' | 'scgi' | 'uwsgi', program: string): Peer {
  const words = (socket: string): string[] => ['--listen', `${protocol}:unix:${socket}`]
  return behindNginx({ name, protocol, program, words, version: own })
}

export const appPeers: readonly Peer[] = [
  behindNginx({
    name: 'nginx-node-fastcgi',
    protocol: 'fastcgi',
    program: 'node-fastcgi.mjs',
    words: (socket) => [socket],
    version: nodeFastCgi,
  }),
  behindNginx({
    name: 'nginx-node-http',
    protocol: 'http',
    program: 'node-http.mjs',
    words: (socket) => [socket],
    version: node,
  }),
  alone({ name: 'node-http', program: 'node-http.mjs', words: (port) => [String(port)], version: node }),
  alone({
    name: 'alone',
    program: 'fetch.mjs',
    words: (port) => ['--listen', `http:127.0.0.1:${port}`],
    version: own,
  }),
  byPostern('scgi', 'scgi', 'fetch.mjs'),
  byPostern('uwsgi', 'uwsgi', 'fetch.mjs'),
  byPostern('listener', 'fastcgi', 'listener.mjs'),
  // A fetch function over FastCGI: what the others are compared with.
  byPostern(postern.name, 'fastcgi', 'fetch.mjs'),
]
