// The applications in Python beside this file, one a framework: where they lie, how they are named, what they need.

import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = fileURLToPath(new URL('../../../../test/programs/frameworks/', import.meta.url))

/** Debian's packages are this one's, whatever other Python comes first in PATH. */
export const python = '/usr/bin/python3'

export type FrameworkName = 'flask' | 'django' | 'bottle' | 'falcon'

export interface Application {
  readonly framework: FrameworkName
  /** Where its modules are. */
  readonly folder: string
  /** `module:name`. */
  readonly target: string
  /** Whether its `/file` answers Range and If-Modified-Since. */
  readonly isFileConditional: boolean
}

function application(framework: FrameworkName, target: string, isFileConditional: boolean): Application {
  return { framework, folder: join(sources, framework), target, isFileConditional }
}

export const applications: Readonly<Record<FrameworkName, Application>> = {
  flask: application('flask', 'app:app', true),
  /** With `staticfiles`, as its own development server. */
  django: application('django', 'bookshop.development:application', false),
  bottle: application('bottle', 'app:app', true),
  falcon: application('falcon', 'app', false),
}

/** For a test's `skip`. */
export function moduleMissing(name: FrameworkName): string | false {
  if (spawnSync(python, ['-c', `import ${name}`]).status === 0) return false
  const reason = `not installed: python3-${name}`
  if (process.env['POSTERN_REQUIRE_PARTS'] === '1') throw new Error(reason)
  return reason
}

/** The folder of an application's data (`DATA`), in which every server's user may write. */
export interface Data {
  readonly folder: string
  /** Of `/file`. */
  readonly file: Uint8Array
  readonly env: Readonly<Record<string, string>>
}

export const superuser = { name: 'ada', password: 'open sesame' } as const

export function prepare({ framework, folder: source }: Application, folder: string): Data {
  const file = randomBytes(300_000)
  mkdirSync(folder)
  writeFileSync(join(folder, 'file.bin'), file)
  const env = { DATA: folder, PYTHONDONTWRITEBYTECODE: '1' }
  if (framework === 'django') prepareDjango(source, env)
  // The database also: programs of a web server run under its account.
  execFileSync('chmod', ['-R', 'a+rwX', folder])
  chmodSync(folder, 0o777)
  return { folder, file, env }
}

/** `manage.py check`, `migrate`, `createsuperuser` and `collectstatic`. */
function prepareDjango(folder: string, env: Readonly<Record<string, string>>): void {
  const manage = (...words: readonly string[]): void => {
    const given = { ...process.env, ...env, DJANGO_SUPERUSER_PASSWORD: superuser.password }
    execFileSync(python, ['manage.py', ...words], { cwd: folder, env: given, timeout: 60_000 })
  }
  manage('check')
  manage('migrate', '--verbosity=0')
  manage('createsuperuser', '--noinput', `--username=${superuser.name}`, '--email=ada@example.org')
  manage('collectstatic', '--noinput', '--verbosity=0')
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
