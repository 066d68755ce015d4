// One step of a launcher's start, for people.

import { textOf } from '../bytes/byte-string.ts'
import type { LauncherStep } from '../events/events.ts'

export function stepText({ name, ms }: LauncherStep): string {
  return `${textOf(name)} ${ms.toFixed(1)} ms`
}
