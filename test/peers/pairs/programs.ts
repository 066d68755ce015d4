// Where the programs that the cases ask lie (programs/README.md).

import { fileURLToPath } from 'node:url'

/** `actions.py`, `actions.pl`, `actions.php`, `actions.c`. */
export function programPath(name: string): string {
  return fileURLToPath(new URL(`../../../../test/peers/pairs/programs/${name}`, import.meta.url))
}
