// No script can tell whether a program was started for it or was there before: Node.

import { features } from 'node:process'
import { compareWarmWithCold } from './differential.ts'

const stripsTypes = 'typescript' in features && features.typescript !== false

compareWarmWithCold({
  name: 'node',
  extensions: ['.js', '.cjs', '.mjs', '.ts', '.cts', '.mts', '.plain'],
  interpreter: process.execPath,
  isParked: true,
  skips: ({ name }) => (/\.[cm]?ts$/.test(name) && !stripsTypes ? 'this Node cannot strip types' : undefined),
})
