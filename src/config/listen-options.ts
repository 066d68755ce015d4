// How sockets are listened on: their file's mode and owner, who may connect, what the web server may add.

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AddressList } from '../gateway/address-list.ts'

import { isOfRequest, steersPrograms } from '../protocol/cgi/variable-names.ts'
import { OptionError } from './option-error.ts'

export interface SocketOptions {
  /** Of the files of Unix sockets: a number, or octal digits such as `0660`, which is the default. */
  readonly socketMode?: number | string
  /** Of the files of Unix sockets: `USER`, `USER:GROUP`, `:GROUP`, names or numbers. Default: whoever runs this. */
  readonly socketOwner?: string
  /**
   * Addresses and CIDR blocks of web servers that may connect over TCP by fastcgi, scgi or uwsgi. Default: this machine;
   * for fastcgi what FCGI_WEB_SERVER_ADDRS says, where it is set. Whoever may connect may say who a user is.
   */
  readonly allowPeers?: readonly string[]
  /** Variables of the web server in front that scripts see, such as GIT_PROJECT_ROOT. Default: none. */
  readonly passVariables?: readonly string[]
  /**
   * By fastcgi, scgi and uwsgi: what the web server in front says in SCRIPT_NAME is no part of the path that routes look
   * at, but where they begin, as an Express mount is. Default false.
   */
  readonly frontMounts?: boolean
}

/** Of git's many variables these say what is served, and are in every recipe. */
const harmless = /^(?:GIT_PROJECT_ROOT|GIT_HTTP_EXPORT_ALL|GIT_HTTP_MAX_REQUEST_BUFFER)$/

const passedVariable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a variable')
  .max(256)
  .refine((name) => !isOfRequest(name), 'is set by the gateway itself')
  .refine(
    (name) => harmless.test(name) || !steersPrograms(name),
    'steers interpreters or servers, and never comes from a request',
  )

const modeText = 'is octal digits such as 0660'

export const socketFields: Readonly<Record<string, z.ZodType>> = {
  socketMode: z.union([z.int().min(0).max(0o777), z.string().regex(/^0?[0-7]{3}$/, modeText)]).optional(),
  socketOwner: z.string().optional(),
  allowPeers: z.array(z.string()).optional(),
  passVariables: z.array(passedVariable).optional(),
  frontMounts: z.boolean().optional(),
}

/** Throws TypeError. */
export function checkPassedVariables(names: readonly string[]): void {
  for (const name of names) {
    const { error } = passedVariable.safeParse(name)
    if (error !== undefined) throw new TypeError(`passVariables: ${JSON.stringify(name)} ${error.issues[0]?.message}`)
  }
}

export const listenField: z.ZodType = z.array(z.string()).min(1, 'names at least one KIND:ADDRESS').optional()

export function readSocketMode(mode: number | string = 0o660): number {
  return typeof mode === 'number' ? mode : Number.parseInt(mode, 8)
}

/** Throws TypeError for somebody who is not there. */
export function readSocketOwner(
  owner: string | undefined,
): { readonly user: number; readonly group: number } | undefined {
  if (owner === undefined) return undefined
  const [user = '', group, ...more] = owner.split(':')
  if ((user === '' && group === undefined) || group === '' || more.length > 0) {
    throw wrongOwner(`it is USER, USER:GROUP or :GROUP, not ${JSON.stringify(owner)}`)
  }
  const account = entryOf('/etc/passwd', user)
  const uid = user === '' ? unchanged : /^\d+$/.test(user) ? Number(user) : account?.[2]
  const gid =
    group === undefined ? account?.[3] : /^\d+$/.test(group) ? Number(group) : entryOf('/etc/group', group)?.[2]
  if (uid === undefined)
    throw wrongOwner(`there is no user ${JSON.stringify(user)} in /etc/passwd; a number will do too`)
  if (gid === undefined) {
    throw wrongOwner(`the group of ${JSON.stringify(owner)} is not known; write USER:GROUP, names or numbers`)
  }
  return { user: Number(uid), group: Number(gid) }
}

function wrongOwner(why: string): OptionError {
  return new OptionError('', ['socketOwner'], why)
}

/** For chown(2). */
const unchanged = -1

/** By name, or by number. */
function entryOf(file: string, nameOrNumber: string): readonly string[] | undefined {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name, , number]) => name === nameOrNumber || number === nameOrNumber)
}

const loopback = ['127.0.0.0/8', '::1']

/** Throws TypeError for an entry that is neither an address nor a block. */
export function readAllowedPeers(protocol: string, allowPeers: readonly string[] | undefined): readonly string[] {
  if (allowPeers !== undefined) {
    checkPeers(allowPeers, 'an allowed peer')
    return allowPeers
  }
  // FastCGI 3.2: addresses of web servers; a connection from elsewhere is closed at once.
  const bound = protocol === 'fastcgi' ? process.env['FCGI_WEB_SERVER_ADDRS'] : undefined
  if (bound === undefined || bound === '') return loopback
  const entries = bound.split(',').map((entry) => entry.trim())
  checkPeers(entries, 'what stands in FCGI_WEB_SERVER_ADDRS')
  return entries
}

function checkPeers(entries: readonly string[], what: string): AddressList {
  return new AddressList(entries, what)
}
