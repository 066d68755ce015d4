// Where Apache's modules lie, and the lines that load them.

import { existsSync } from 'node:fs'
import { join } from 'node:path'

const folders = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules', '/usr/libexec/apache2']
/** What some builds have inside and others load. */
const builtIn = new Set(['unixd', 'log_config', 'so', 'http', 'core'])

/** The module's file, there or not. */
export function apacheModule(name: string): string {
  const found = folders.map((folder) => join(folder, `mod_${name}.so`)).find((file) => existsSync(file))
  return found ?? `${folders[0]}/mod_${name}.so`
}

export function apacheModules(names: readonly string[]): string {
  const loaded = names.filter((name) => !builtIn.has(name) || existsSync(apacheModule(name)))
  return loaded.map((name) => `LoadModule ${name}_module ${apacheModule(name)}`).join('\n')
}
