// The options of the library, checked once, by one schema: what is misspelt or missing is named.

import { z } from 'zod'
import type { Observer } from '../events/events.ts'
import { reservedVariables } from '../protocol/cgi/variable-names.ts'
import { listenField, socketFields } from './listen-options.ts'
import { OptionError } from './option-error.ts'
import { limitNames, limits, type GatewayLimitOptions, type LimitPlace, type ScriptLimitOptions } from './limits.ts'

/** What whoever answers is told, and believed in its answers. */
export interface PolicyOptions {
  /** Whether scripts see Authorization. Default false; for an upstream and a function true: they sign users in themselves. */
  readonly passAuthorization?: boolean
  /** Fields with an underscore or another odd character in their names that reach scripts all the same. */
  readonly passFields?: readonly string[]
  /** A body without Content-Type is refused (502), or sent as text/plain. Default `refuse`. */
  readonly untyped?: 'refuse' | 'plain'
  /** An encoded slash (`%2F`) in PATH_INFO is refused (404) or decoded. Default `refuse`; for an upstream and a function `decode`. */
  readonly encodedSlashes?: 'refuse' | 'decode'
  /** More variables for every script. None of the gateway's own names. */
  readonly env?: Readonly<Record<string, string>>
  /**
   * Folders out of which scripts may have files sent by X-Sendfile (docs/guides/send-files.md). Default none: the field
   * is dropped, and the log says so.
   */
  readonly sendfileRoots?: readonly string[]
  /** Locations such as `/protected/`, and the folder of each, for X-Accel-Redirect. Default none. */
  readonly accel?: Readonly<Record<string, string>>
}

/** How scripts are run and what they are told. */
export interface ScriptOptions extends ScriptLimitOptions, PolicyOptions {
  /** RFC 3875 4.4: the words of `?one+two` become arguments. Default false; never words that begin with "-". */
  readonly searchWords?: boolean
  /**
   * Scripts whose Python lacks the modules `cgi` and `cgitb` (3.13 and newer) find Postern's stand-ins at the end of
   * PYTHONPATH. Default `on`.
   */
  readonly pythonCgi?: 'on' | 'off'
  /** Names passed on from the server's own environment, beside PATH, LANG, LC_*, TZ and TMPDIR. */
  readonly passEnv?: readonly string[]
  /**
   * Python and Perl scripts run in processes that are forked ahead from an interpreter that has started already, Node
   * scripts in processes of Node that wait; a script sees no difference (docs/guides/warm.md). Default `on`.
   */
  readonly warm?: 'on' | 'off'
  /**
   * Modules of the site's own that warm interpreters load ahead. They are found by PYTHONPATH or PERL5LIB in `env`.
   * Default none: only what belongs to the interpreter or to installed packages is.
   */
  readonly preload?: readonly string[]
  /** Folders outside the served one into which links may lead. */
  readonly linkRoots?: readonly string[]
}

/** How a program is run that decides who may pass. */
export type AuthorizerOptions = ScriptLimitOptions &
  Pick<ScriptOptions, 'passFields' | 'untyped' | 'pythonCgi' | 'env' | 'passEnv' | 'warm' | 'preload'>

/** How a folder is served. */
export interface FolderOptions extends ScriptOptions {
  /** Names tried in a folder. Default `index.html`, `index.htm`, `index.php`, `index.cgi`, `index.fcgi`. */
  readonly index?: readonly string[]
  /** Whether folders without an index are listed. Default false. */
  readonly listing?: boolean
  /**
   * Files whose names end in `.php` are run by processes of php-cgi: of the one in PATH (`on`, the default) or at this
   * path; by a FastCGI server such as php-fpm (`fastcgi:unix:/run/php.sock`); or refused (`off`). They are never sent
   * (docs/guides/php.md).
   */
  readonly php?: string
  /** Settings of php-cgi, over those of php.ini: `{ memory_limit: '256M' }`. */
  readonly phpSettings?: Readonly<Record<string, string>>
}

/** What is true of the whole gateway. */
export interface GatewayOptions extends GatewayLimitOptions {
  /** Error pages name the cause and the mend. Default false. */
  readonly dev?: boolean
  /** SERVER_NAME whatever Host says. */
  readonly serverName?: string
  /**
   * Names that Host may say: `www.example.org`, or `.example.org` for it and all below it. Others are 421. `serverName`
   * and the `host` of `serve()` count too. Default: every name; with `dev`, where they stand against DNS rebinding,
   * addresses, localhost and names below it, which then need not be listed.
   */
  readonly allowedHosts?: readonly string[]
  /** Addresses or CIDR blocks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. */
  readonly trustedProxies?: readonly string[]
  /** Told of everything that happens. It must not throw. */
  readonly observe?: Observer
}

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a variable')
  .max(256)
  // Security: CVE-2025-65082.
  .refine((name) => !reservedVariables.has(name) && !name.startsWith('HTTP_'), 'is set by the gateway itself')

const indexNames = z.array(z.string().regex(/^[^/\0]+$/, 'is not a file name')).optional()

const limitValue = z.union([z.number(), z.string()]).optional()

const homes: Readonly<Record<LimitPlace, string>> = {
  script: 'cgi(), folder(), app() and upstreams, or to createGateway() as their default',
  program: 'cgi() and folder(), or to createGateway() as their default',
  worker: 'wsgi(), or to createGateway() as its default',
  upstream: 'fastcgi(), scgi(), uwsgi() and proxy(), or to createGateway() as their default',
  gateway: 'createGateway() or serve()',
  server: 'serve() or listen()',
}

/** All limits; those that would have no effect here are refused by name, because people count on limits. */
export function limitFields(...taken: readonly LimitPlace[]): Readonly<Record<string, z.ZodType>> {
  const field = (of: LimitPlace): z.ZodType =>
    taken.includes(of) ? limitValue : z.undefined({ error: `belongs to ${homes[of]}; here it would have no effect` })
  return Object.fromEntries(limitNames.map((name) => [name, field(limits[name].of).optional()]))
}

/** What goes into every environment. */
const environmentFields = {
  env: z.record(variableName, z.string().regex(/^[^\0]*$/, 'holds a NUL')).optional(),
}

/** Decoded; whole segments, as of a route. */
const location = z
  .string()
  .regex(/^\/(?:[^/\0]+\/)*$/, 'is not a location such as /protected/')
  .refine((path) => !/\/\.{1,2}\//.test(path), 'holds a dot segment')

export const policyFields: Readonly<Record<string, z.ZodType>> = {
  ...environmentFields,
  passAuthorization: z.boolean().optional(),
  passFields: z.array(z.string()).optional(),
  untyped: z.enum(['refuse', 'plain']).optional(),
  encodedSlashes: z.enum(['refuse', 'decode']).optional(),
  sendfileRoots: z.array(z.string()).optional(),
  accel: z.record(location, z.string()).optional(),
}

/** Of every program, whatever its part. */
const programFields = {
  ...environmentFields,
  passFields: z.array(z.string()).optional(),
  untyped: z.enum(['refuse', 'plain']).optional(),
  pythonCgi: z.enum(['on', 'off']).optional(),
  passEnv: z.array(variableName).optional(),
  warm: z.enum(['on', 'off']).optional(),
  preload: z.array(z.string().regex(/^\w+(?:(?:\.|::)\w+)*$/, 'is not the name of a module')).optional(),
}

const scriptFields = { ...policyFields, ...programFields, searchWords: z.boolean().optional() }

const linkRoots = z.array(z.string()).optional()

const phpFields = {
  php: z
    .string()
    .regex(/^(?:on|off|\/[^\0]+|fastcgi:.+)$/, 'is on, off, the path of php-cgi, or fastcgi: and an address')
    .optional(),
  phpSettings: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'is not the name of a PHP setting'),
      z.string().regex(/^[^\0\r\n]*$/, 'holds a line end'),
    )
    .optional(),
}

export const fileFields: Readonly<Record<string, z.ZodType>> = {
  index: indexNames,
  listing: z.boolean().optional(),
  linkRoots,
}

const gatewayFields = {
  dev: z.boolean().optional(),
  serverName: z
    .string()
    .regex(/^[A-Za-z0-9.\-[\]:]+$/, 'is not a host name')
    .optional(),
  allowedHosts: z.array(z.string()).optional(),
  trustedProxies: z.array(z.string()).optional(),
  observe: z.function().optional(),
}

export const scriptSchema: z.ZodType = z.strictObject({
  ...limitFields('script', 'program'),
  ...scriptFields,
  linkRoots,
})

export const authorizerSchema: z.ZodType = z.strictObject({ ...limitFields('script', 'program'), ...programFields })

export const fastCgiAuthorizerSchema: z.ZodType = z.strictObject({
  ...limitFields('script', 'upstream'),
  ...environmentFields,
  passFields: z.array(z.string()).optional(),
  untyped: z.enum(['refuse', 'plain']).optional(),
})

export const filesSchema: z.ZodType = z.strictObject({ ...limitFields(), ...fileFields })

export const folderSchema: z.ZodType = z.strictObject({
  ...limitFields('script', 'program'),
  ...scriptFields,
  ...phpFields,
  ...fileFields,
})

export const gatewaySchema: z.ZodType = z.strictObject({
  ...limitFields('script', 'program', 'worker', 'upstream', 'gateway'),
  ...gatewayFields,
  routes: z.array(z.any()),
})

export const serveSchema: z.ZodType = z.strictObject({
  ...limitFields('script', 'program', 'upstream', 'gateway', 'server'),
  ...scriptFields,
  ...phpFields,
  ...fileFields,
  ...gatewayFields,
  authorizer: z.function().optional(),
  host: z.string().optional(),
  port: z.int().min(0).max(65535).optional(),
  listen: listenField,
  ...socketFields,
})

export const cgiSchema: z.ZodType = z.strictObject({ passVariables: socketFields['passVariables'] ?? z.never() })

export const listenSchema: z.ZodType = z.strictObject({ ...limitFields('server'), ...socketFields })

/** Throws TypeError: the option, what is wrong, on one line. */
export function checkOptions(schema: z.ZodType, options: unknown, of: string): void {
  const result = schema.safeParse(options)
  if (result.success) return
  const [issue] = result.error.issues
  const path = issue?.path.map(String) ?? []
  // What is wrong with a key stands one level below.
  const message = issue?.code === 'invalid_key' ? issue.issues[0]?.message : issue?.message
  const why = message ?? 'not valid'
  throw path.length === 0 ? new TypeError(`${of}: ${why}`) : new OptionError(`${of}: `, path, why)
}
