// The end of FastCGI programs whose server was killed. A program waits on its own listening socket and cannot notice that
// nobody is left who connects. So a shell of our own reads from a pipe whose other end this process alone holds: whatever
// ends this process closes the pipe, and the shell ends what it was told of, then goes.

import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { byteStringOfText } from '../../bytes/byte-string.ts'
import { endProcessGroup } from '../process-group.ts'
import type { ProgramProcess, Spawner } from '../program-process.ts'

/** Lines `+PID` and `-PID`; at the end of its input, TERM and then KILL to the groups that are left. */
const script = `
trap '' HUP INT QUIT TERM
pids=' '
while read -r line; do
  case $line in
    +*) pids="$pids\${line#+} " ;;
    -*) case $pids in *" \${line#-} "*) pids="\${pids%% \${line#-} *} \${pids#* \${line#-} }" ;; esac ;;
  esac
done
for pid in $pids; do kill -TERM -"$pid" 2>/dev/null; done
rm -rf -- "$1"
[ "$pids" = "\${pids%[0-9]*}" ] || sleep 5
for pid in $pids; do kill -KILL -"$pid" 2>/dev/null; done
`

/** A path to a socket holds 103 bytes on macOS, 107 on Linux. */
const longestFolder = 70
/** For the shell, once its input has ended. */
const shellEndMs = 2000

export class ProgramGuard implements AsyncDisposable {
  readonly #spawner: Spawner
  #made: Promise<string> | undefined
  #shell: ProgramProcess | undefined
  #sockets = 0
  #isDisposed = false

  constructor(spawner: Spawner) {
    this.#spawner = spawner
  }

  /** A path for one more socket, in a folder that is this user's alone. */
  async socketPath(): Promise<string> {
    this.#made ??= this.#make()
    const folder = await this.#made.catch((error: unknown) => {
      this.#made = undefined
      throw error
    })
    await this.#standing(folder)
    this.#sockets++
    return join(folder, `${this.#sockets}.sock`)
  }

  /** Whoever tidies the temporary folder may have taken it away. Security: never one that somebody else has made. */
  async #standing(folder: string): Promise<void> {
    const stat = await lstat(folder).catch(() => undefined)
    if (stat === undefined) await mkdir(folder, { mode: 0o700 })
    else if (!stat.isDirectory() || stat.uid !== process.getuid?.()) throw new Error(`${folder} is somebody else's`)
  }

  add(pid: number): void {
    this.#shell?.stdin?.write(`+${pid}\n`)
  }

  /** To be told before the number can be another process's. */
  remove(pid: number): void {
    this.#shell?.stdin?.write(`-${pid}\n`)
  }

  /** When all programs have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    const folder = await this.#made?.catch(() => undefined)
    if (folder === undefined) return
    const shell = this.#shell
    shell?.stdin?.end()
    // Its input has ended, and so does it; TERM it does not hear.
    if (shell !== undefined) await endAwake(shell, shellEndMs)
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }

  async #make(): Promise<string> {
    const wanted = join(tmpdir(), 'postern-fastcgi-')
    const folder = await mkdtemp(byteStringOfText(wanted).length <= longestFolder ? wanted : '/tmp/postern-fastcgi-')
    try {
      this.#shell = await this.#spawner.start({
        path: '/bin/sh',
        argv: ['sh', '-c', script, 'sh', byteStringOfText(folder)],
        environment: ['PATH=/usr/local/bin:/usr/bin:/bin'],
        cwd: '/',
        stdin: 'pipe',
        backgroundGraceMs: 0,
        keepsAlive: false,
      })
      for (const stream of [this.#shell.stdout, this.#shell.stderr]) {
        stream.watchQuietly()
        void drain(stream)
      }
      unref(this.#shell.stdin)
    } catch {
      // Without a shell programs run all the same, and outlive a server that is killed.
    }
    if (this.#isDisposed) this.#shell?.stdin?.end()
    return folder
  }
}

/** A process that does not keep the event loop alive is waited for all the same, once it is to end. */
export async function endAwake({ pid, ending }: ProgramProcess, graceMs: number): Promise<void> {
  const awake = setInterval(() => {}, 1000)
  await endProcessGroup(pid, ending, graceMs)
  clearInterval(awake)
}

/** It says nothing; were it to, it must not stand still. */
async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of stream) void chunk
}

function unref(stream: object | undefined): void {
  if (stream !== undefined && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
}
