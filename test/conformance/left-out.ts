// Why a case is left out of a cell: each reason once, in words. docs/matrix.md lists them all, with how many cases of
// which cells each one takes.

import type { ConformanceCase, Family } from './case.ts'
import { behindServers, type Cell } from './cell.ts'

export interface LeftOut {
  readonly because: string
  readonly where: (cell: Cell) => boolean
}

const isBehindServer = ({ frontend }: Cell): boolean => behindServers.includes(frontend)
const byFetch = ({ frontend, executor }: Cell): boolean =>
  frontend === 'fetch' || executor === 'function' || executor === 'application'

const isGatewayInterface = (name: string): boolean => name === 'fastcgi' || name === 'scgi' || name === 'uwsgi'

export const wireOnly: LeftOut = {
  because: 'It is about bytes on the wire, which are the http server’s own.',
  where: ({ frontend }) => frontend !== 'http',
}

export const overHttp: LeftOut = {
  because: 'It is about bytes on a connection of HTTP, which others bring to this frontend as a request.',
  where: ({ frontend }) => frontend !== 'http' && frontend !== 'node',
}

export const notByRequest: LeftOut = {
  because: 'A Request of fetch cannot say it.',
  where: byFetch,
}

export const rawTarget: LeftOut = {
  because: 'The URL of a Request is normalised before the gateway sees it.',
  where: byFetch,
}

export const writtenInParts: LeftOut = {
  because: 'The client of this test writes its body in two parts.',
  where: ({ frontend }) => frontend !== 'http' && frontend !== 'node',
}

export const mountedOnly: LeftOut = {
  because: 'No embedding program takes a part of the path for itself.',
  where: ({ frontend }) => frontend !== 'node' && frontend !== 'fetch',
}

export const slashedMountOnly: LeftOut = {
  because: 'Express gives baseUrl without a slash at its end.',
  where: ({ frontend }) => frontend !== 'fetch',
}

export const encodedMountOnly: LeftOut = {
  because: 'Express gives baseUrl undecoded; the mount of fetch is given as text.',
  where: ({ frontend }) => frontend !== 'node',
}

export const knownUser: LeftOut = {
  because: 'Nobody in front knows users: http has no programs that embed it.',
  where: ({ frontend }) => frontend === 'http',
}

export const userNotTold: LeftOut = {
  because: 'HTTP has no field by which a proxy says who a user is.',
  where: ({ executor }) => executor === 'http',
}

export const fieldsAreVariables: LeftOut = {
  because: 'The web server in front has made variables of the fields, under its own rules for their names.',
  where: isBehindServer,
}

export const proxied: LeftOut = {
  because:
    'An HTTP upstream is asked by the proxy, in a request of its own: its port, its version, its spelling of the path.',
  where: ({ executor }) => executor === 'http',
}

export const bodyFirst: LeftOut = {
  because:
    'Behind FastCGI, SCGI and uwsgi an answer waits for the end of its request’s body: web servers stop sending at its first word.',
  where: ({ frontend, executor }) => isGatewayInterface(frontend) || isGatewayInterface(executor),
}

export const endsWithProgram: LeftOut = {
  because:
    'A CGI program’s answer is over with the program: a web server would end one that closed its output and went on.',
  where: ({ frontend }) => frontend === 'cgi',
}

export const noVersion: LeftOut = {
  because: 'A Request of fetch does not say the version of HTTP.',
  where: byFetch,
}

export const gathered: LeftOut = {
  because: 'An application gathers a small answer before it sends a byte: where that breaks off, it is 500.',
  where: ({ executor }) => executor === 'application',
}

export const handlersWord: LeftOut = {
  because: 'What an application’s handler says when the body of its request cannot be read is its own.',
  where: ({ executor }) => executor === 'application',
}

/** The reason, where the cell cannot express the case. */
export function leftOutOf(family: Family, item: ConformanceCase, cell: Cell): LeftOut | undefined {
  const ofCase = item.not === undefined ? [] : [item.not].flat()
  const ofFamily = [
    ...(family.mount === undefined ? [] : [mountedOnly]),
    ...(family.user === undefined ? [] : [knownUser, userNotTold]),
    ...('wire' in item ? [overHttp] : []),
    ...(item.notByChildProcess === undefined ? [] : [notByChildProcess(item.notByChildProcess)]),
  ]
  return [...ofCase, ...ofFamily].find(({ where }) => where(cell))
}

function notByChildProcess(because: string): LeftOut {
  return { because, where: ({ starter }) => starter === 'child_process' }
}
