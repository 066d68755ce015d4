#!/usr/bin/env node
// The command `postern`. Errors of use are one line and exit code 2.

import { CommanderError } from 'commander'
import { escapeControls } from '../observers/escape.ts'
import { describeError } from './flag-error.ts'
import { program } from './program.ts'

// A reader that has had enough (`| head`) is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

try {
  process.exitCode = 0
  await program().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    process.stderr.write(`postern: ${escapeControls(describeError(error))}\n`)
    process.exitCode = error instanceof TypeError ? 2 : 1
  }
}
