// What is wrong with an option of the library, in the words of the command line.

import { OptionError } from '../config/option-error.ts'

/** Options whose flags are not their own names with hyphens. */
const flags: Readonly<Record<string, string>> = {
  allowPeers: 'allow-peer',
  extensions: 'extension',
  folder: 'chdir',
  host: 'upstream-host',
  linkRoots: 'link-root',
  passFields: 'pass-field',
  passVariables: 'pass-variable',
  phpSettings: 'php-ini',
  sendfileRoots: 'sendfile-root',
  trustedProxies: 'trusted-proxy',
}

export function describeError(error: unknown): string {
  if (error instanceof OptionError) {
    const [option = '', ...rest] = error.path
    const flag = flags[option] ?? option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    const which = rest.filter((part) => !/^\d+$/.test(part)).map((part) => ` ${part}`)
    return `--${flag}${which.join('')}: ${error.why}`
  }
  return error instanceof Error ? error.message : String(error)
}
