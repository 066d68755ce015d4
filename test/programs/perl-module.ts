// Whether Perl has a module, for a test's `skip`; like real-parts.ts does it for programs.

import { spawnSync } from 'node:child_process'

export function perlModuleMissing(name: string): string | false {
  if (spawnSync('perl', [`-M${name}`, '-e', '1']).status === 0) return false
  const reason = `not installed: Perl's ${name}`
  if (process.env['POSTERN_REQUIRE_PARTS'] === '1') throw new Error(reason)
  return reason
}
