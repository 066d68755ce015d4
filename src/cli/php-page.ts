// Which files `postern run` and `postern doctor` take for pages of PHP.

import { hasEnding } from '../files/program-names.ts'
import type { ScriptFacts } from '../gateway/diagnosis/inspect-script.ts'

/** What may be executed is started by itself, as below cgi-bin; any other `.php` is run by php-cgi. */
export function isPhpPage({ path, type, readable, mode, shebang }: ScriptFacts): boolean {
  const mayStart = (mode & 0o111) !== 0 && shebang !== undefined
  return hasEnding(path, ['.php']) && type === 'file' && readable && !mayStart
}
