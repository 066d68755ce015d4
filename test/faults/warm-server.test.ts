// A whole server with warm interpreters, as its user has it: how it ends, and what it does when the system has no more.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { missing } from '../support/real-parts.ts'
import { eventually, startServer, type ServerProcess } from '../support/server-process.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { descriptorCount, look, processesOf, skip } from './warm-stage.ts'

const slow = {
  'cgi-bin/python-slow':
    '#!/usr/bin/python3\nimport time\nprint("Content-Type: text/plain\\n\\nstarted", flush=True)\ntime.sleep(1)\nprint("done")\n',
  'cgi-bin/perl-slow':
    '#!/usr/bin/perl\n$| = 1;\nprint "Content-Type: text/plain\\n\\nstarted\\n";\nsleep 1;\nprint "done\\n";\n',
  'cgi-bin/python-stubborn':
    '#!/usr/bin/python3\nimport signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint("Content-Type: text/plain\\n\\nstarted", flush=True)\ntime.sleep(30)\n',
  'cgi-bin/perl-stubborn':
    '#!/usr/bin/perl\n$| = 1;\n$SIG{TERM} = "IGNORE";\nprint "Content-Type: text/plain\\n\\nstarted\\n";\nsleep 30;\n',
}

const languages = ['python', 'perl'] as const

interface Warmed extends AsyncDisposable {
  readonly server: ServerProcess
  readonly site: TemporarySite
  readonly folder: string
  /** By language. */
  readonly launchers: Readonly<Record<string, number>>
}

async function warmServer(args: readonly string[] = [], through: readonly string[] = []): Promise<Warmed> {
  const site = temporarySite({ ...slow, 'cgi-bin/python-look': look.python, 'cgi-bin/perl-look': look.perl })
  const folder = mkdtempSync(join(tmpdir(), 'postern-warm-'))
  chmodSync(folder, 0o777)
  const server = await startServer(
    [site.root, '--prod', '--access-log', 'off', '--kill-grace', '200ms', ...args],
    { TMPDIR: folder },
    through,
  )
  const launchers: Record<string, number> = {}
  for (const language of languages) launchers[language] = await warmParent(server, language)
  return {
    server,
    site,
    folder,
    launchers,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await eventually(() => processesOf(folder).length === 0, 2000)
      site[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function warmParent(server: ServerProcess, language: string): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const text = await (await fetch(`${server.url}cgi-bin/${language}-look`)).text()
    const parent = Number(text.split(' ')[1])
    if (parent > 0 && parent !== server.pid) return parent
    await sleep(50)
  }
  throw new Error(`never warm: ${server.log()}`)
}

function assertNothingLeft({ folder }: Warmed): void {
  assert.deepEqual(processesOf(folder), [])
  assert.deepEqual(readdirSync(folder), [])
}

test('faults, warm server: SIGTERM lets running workers finish, and leaves nothing behind', { skip }, async () => {
  await using warmed = await warmServer()
  const { server } = warmed
  const answers = await Promise.all(languages.map((language) => fetch(`${server.url}cgi-bin/${language}-slow`)))
  server.signal('SIGTERM')
  for (const answer of answers) assert.equal(await answer.text(), 'started\ndone\n')
  assert.equal(await server.exited, 0)
  assertNothingLeft(warmed)
})

test('faults, warm server: SIGINT twice ends running workers, and leaves nothing behind', { skip }, async () => {
  await using warmed = await warmServer()
  const { server } = warmed
  const answers = await Promise.all(languages.map((language) => fetch(`${server.url}cgi-bin/${language}-stubborn`)))
  server.signal('SIGINT')
  await sleep(200)
  server.signal('SIGINT')
  await Promise.all(answers.map((answer) => assert.rejects(answer.text())))
  assert.equal(await server.exited, 0)
  assertNothingLeft(warmed)
})

test('faults, warm server: shutdownTimeout ends what has not finished', { skip }, async () => {
  await using warmed = await warmServer(['--shutdown-timeout', '300ms'])
  const { server } = warmed
  const answers = await Promise.all(languages.map((language) => fetch(`${server.url}cgi-bin/${language}-stubborn`)))
  server.signal('SIGTERM')
  await Promise.all(answers.map((answer) => assert.rejects(answer.text())))
  assert.equal(await server.exited, 0)
  assertNothingLeft(warmed)
})

test(
  'faults, warm server: when the server is killed, launchers and waiting workers end and tidy up',
  { skip },
  async () => {
    await using warmed = await warmServer()
    assert.ok(processesOf(warmed.folder).length >= 5, processesOf(warmed.folder).join())
    warmed.server.signal('SIGKILL')
    await warmed.server.exited
    assert.ok(await eventually(() => processesOf(warmed.folder).length === 0, 1000), processesOf(warmed.folder).join())
    assertNothingLeft(warmed)
  },
)

test('faults, warm server: descriptors stay as they are over 2000 requests', { skip, timeout: 120_000 }, async () => {
  await using warmed = await warmServer(['--warm-max-idle', '4'])
  const { server } = warmed
  const ask = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      const answer = await fetch(`${server.url}cgi-bin/${languages[time % 2]}-look`)
      assert.equal(answer.status, 200)
      await answer.text()
    }
  }
  await Promise.all([ask(50), ask(50)])
  await sleep(300)
  const before = descriptorCount(server.pid)
  await Promise.all([ask(1000), ask(1000)])
  assert.ok(await eventually(() => descriptorCount(server.pid) <= before + 4, 3000), server.descriptors().join())
  assert.deepEqual(
    server.children().filter((line) => line.endsWith('Z')),
    [],
  )
})

/** Root is not held to RLIMIT_NPROC. */
const nobody = process.getuid?.() === 0 ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : []
const noLimits = skip || missing('prlimit', ...nobody.slice(0, 1))

function limitProcesses(pid: number, most: number | 'unlimited'): void {
  const [program, ...words] = [...nobody, 'prlimit', '--pid', String(pid), `--nproc=${most}:`]
  execFileSync(program, words)
}

function processLimit(pid: number): string {
  return /Max processes +(\S+)/.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1] ?? 'unlimited'
}

test(
  'faults, warm server: a launcher that can fork no more is no harm; a server that can start nothing is 503; both recover',
  { skip: noLimits },
  async () => {
    await using warmed = await warmServer([], nobody)
    const { server, launchers } = warmed
    const before = processLimit(server.pid)
    const ask = async (language: string): Promise<string> => {
      const answer = await fetch(`${server.url}cgi-bin/${language}-look`)
      const parent = Number((await answer.text()).split(' ')[1])
      return answer.status !== 200 ? String(answer.status) : parent === server.pid ? 'cold' : 'warm'
    }
    for (const language of languages) {
      const launcher = launchers[language] ?? 0
      limitProcesses(launcher, 1)
      const seen: string[] = []
      for (let time = 0; time < 6; time++) seen.push(await ask(language))
      assert.equal(seen.at(-1), 'cold', seen.join())
      assert.ok(seen.every((how) => how !== '503'))
      limitProcesses(server.pid, 1)
      assert.equal(await ask(language), '503')
      limitProcesses(server.pid, before === 'unlimited' ? 'unlimited' : Number(before))
      limitProcesses(launcher, before === 'unlimited' ? 'unlimited' : Number(before))
      assert.match(await ask(language), /^(cold|warm)$/) // On a slow machine the pause of a quarter of a second is over.
      assert.equal(await warmParent(server, language), launcher)
    }
    assert.match(server.log(), /no worker could be forked: EAGAIN/)
  },
)

const ownProcesses = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
const noContainer =
  skip ||
  missing('unshare') ||
  (spawnSync('unshare', [...ownProcesses.slice(1), 'true']).status !== 0 && 'not allowed to')

test(
  'faults, warm server: as the first process of a container it leaves no zombies of killed launchers and of scripts',
  { skip: noContainer },
  async () => {
    const begin = '#!/usr/bin/python3\nimport os, time\nprint("Content-Type: text/plain\\n", flush=True)\n'
    const leave = '[os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "0.1") for _ in range(3)]\n'
    using site = temporarySite({
      'cgi-bin/look': look.python,
      'cgi-bin/kills': `${begin}${leave}os.kill(os.getppid(), 9)\ntime.sleep(0.3)\nprint("whole")\n`,
      'cgi-bin/states.sh': `#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\ncat /proc/[0-9]*/stat | grep ' Z ' || echo none\n`,
    })
    await using server = await startServer([site.root, '--prod', '--warm-min-idle', '3'], {}, ownProcesses)
    const get = async (name: string): Promise<string> => (await fetch(`${server.url}cgi-bin/${name}`)).text()
    // The launcher forks a worker in the place of the one that kills it, perhaps one of which nobody hears.
    for (let time = 0; time < 3; time++) {
      let parent = '1'
      for (let attempt = 0; attempt < 100 && parent === '1'; attempt++) {
        await sleep(50)
        parent = (await get('look')).trim().split(' ')[1] ?? '1'
      }
      assert.notEqual(parent, '1', 'warm')
      assert.equal(await get('kills'), 'whole\n')
    }
    // The launcher's end is heard of, and all that it and the scripts leave is reaped, soon after.
    let states = ''
    for (let attempt = 0; attempt < 100 && states !== 'none\n'; attempt++) {
      await sleep(50)
      states = await get('states.sh')
    }
    assert.equal(states, 'none\n')
  },
)
