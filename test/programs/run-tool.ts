// Runs a program that is the client of a test, without blocking the server in this process.

import { execFile } from 'node:child_process'

export interface ToolOutput {
  readonly stdout: string
  readonly stderr: string
}

/** Rejects with what the program said, when it fails or takes too long. */
export function runTool(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ToolOutput> {
  const limits = { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    execFile(command, args, { ...options, ...limits }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr })
      else reject(new Error(`${command} ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`))
    })
  })
}
