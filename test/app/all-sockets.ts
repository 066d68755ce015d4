// One application on sockets of all kinds at once, and what clients ask of it there.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import {
  fastCgiRequest,
  open,
  readAll,
  readCgiAnswer,
  readRecords,
  scgiRequest,
  streamOf,
  types,
  uwsgiRequest,
  variablesOf,
  type CgiAnswer,
  type Variables,
} from '../support/gateway-clients.ts'
import { startApplication, type Application } from './run-application.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-sockets-'))
after(() => rmSync(folder, { recursive: true }))

export type Kind = 'fastcgi' | 'scgi' | 'uwsgi' | 'http'
export const kinds: readonly Kind[] = ['fastcgi', 'scgi', 'uwsgi', 'http']

export interface Started extends Application {
  readonly address: Readonly<Record<Kind, string>>
}

let count = 0

/** All kinds at once, on sockets of its own. */
export async function start(name: string, environment: NodeJS.ProcessEnv = {}): Promise<Started> {
  const at = (kind: Kind): string => `unix:${join(folder, `${count}-${kind}`)}`
  count++
  const address = { fastcgi: at('fastcgi'), scgi: at('scgi'), uwsgi: at('uwsgi'), http: at('http') }
  const words = kinds.flatMap((kind) => ['--listen', `${kind}:${address[kind]}`])
  const application = startApplication(name, { words, environment })
  // The last of them.
  let isReady = false
  while (!isReady) {
    const probe = open(address.http)
    isReady = await new Promise<boolean>((resolve) => {
      probe.once('connect', () => resolve(true)).once('close', () => resolve(false))
    })
    probe.destroy()
    assert.equal(application.child.exitCode, null, application.log())
    if (!isReady) await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { ...application, address }
}

export async function ask(
  started: Started,
  kind: Kind,
  path: string,
  more: Variables = {},
  body = '',
): Promise<CgiAnswer> {
  const [plain = '', query = ''] = path.split('?')
  const length = body === '' ? {} : { CONTENT_LENGTH: String(body.length) }
  const variables = variablesOf(plain, { QUERY_STRING: query, REQUEST_URI: path, ...length, ...more })
  const socket = open(started.address[kind])
  if (kind === 'fastcgi') socket.write(fastCgiRequest(1, variables, body))
  else if (kind === 'scgi') socket.write(scgiRequest(variables, body))
  else if (kind === 'uwsgi') socket.write(uwsgiRequest(variables, body))
  else socket.write(httpRequest(path, variables, body))
  const { bytes } = await readAll(socket)
  return readCgiAnswer(kind === 'fastcgi' ? streamOf(readRecords(bytes).records, 1, types.stdout) : bytes)
}

/** HTTP/1.0: until the end of the connection, without chunks. */
function httpRequest(path: string, variables: Variables, body: string): Buffer {
  const { REQUEST_METHOD = 'GET', CONTENT_TYPE } = variables
  const type = CONTENT_TYPE === undefined ? '' : `Content-Type: ${CONTENT_TYPE}\r\n`
  const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`
  return Buffer.from(`${REQUEST_METHOD} ${path} HTTP/1.0\r\nHost: a.example\r\n${type}${length}\r\n${body}`, 'latin1')
}

/** A request that is not answered whole; its connection. */
export function send(started: Started, kind: Kind, path: string): Socket {
  const socket = open(started.address[kind])
  const variables = variablesOf(path)
  if (kind === 'fastcgi') socket.write(fastCgiRequest(1, variables))
  else if (kind === 'scgi') socket.write(scgiRequest(variables))
  else if (kind === 'uwsgi') socket.write(uwsgiRequest(variables))
  else socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  return socket
}
