// Scripts that harm themselves, their like and the launcher that they come from.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { eventually } from '../support/server-process.ts'
import { head, languages, lines, processesOf, skip, WarmStage, type Language } from './warm-stage.ts'

interface Misdeed {
  readonly what: string
  readonly script: Partial<Record<Language, string>>
  readonly seen: readonly [status: number, body: string | RegExp, isBroken?: boolean]
  readonly ending?: string
  /** It ends what it came from. */
  readonly isFatal?: boolean
}

const misdeeds: readonly Misdeed[] = [
  {
    what: 'ends at once, with what it has printed',
    script: {
      python: lines.python(head.python, 'print("half", flush=True)', 'os._exit(3)'),
      perl: lines.perl('use POSIX ();', head.perl, 'print "half\\n";', 'POSIX::_exit(3);'),
    },
    seen: [200, 'half\n'],
    ending: 'exit 3',
  },
  {
    what: 'kills itself before its head',
    script: {
      python: lines.python('os.kill(os.getpid(), 9)'),
      perl: lines.perl('kill KILL => $$;'),
    },
    seen: [502, /killed by SIGKILL|502/],
    ending: 'SIGKILL',
  },
  {
    what: 'kills itself in its body',
    script: {
      python: lines.python(head.python, 'print("half", flush=True)', 'time.sleep(0.1)', 'os.system("kill -9 $PPID")'),
      perl: lines.perl(head.perl, 'print "half\\n";', 'select undef, undef, undef, 0.1;', 'kill KILL => $$;'),
    },
    seen: [200, 'half\n', true],
    ending: 'SIGKILL',
  },
  {
    what: 'kills its process group',
    script: {
      python: lines.python('os.killpg(0, 9)'),
      perl: lines.perl('kill -9, getpgrp;'),
    },
    seen: [502, /./],
    ending: 'SIGKILL',
  },
  {
    what: 'leaves a child that holds its output',
    script: {
      python: lines.python(head.python, 'if os.fork() == 0:', '    time.sleep(2)', '    os._exit(0)', 'print("fine")'),
      perl: lines.perl(head.perl, 'if (!fork) { sleep 2; require POSIX; POSIX::_exit(0) }', 'print "fine\\n";'),
    },
    seen: [200, 'fine\n'],
    ending: 'exit 0',
  },
  {
    what: 'leaves a grandchild in a session of its own',
    script: {
      python: lines.python(
        head.python,
        'if os.fork() == 0:',
        '    os.setsid()',
        '    if os.fork() == 0:',
        '        os.closerange(0, 3)',
        '        time.sleep(0.5)',
        '    os._exit(0)',
        'os.wait()',
        'print("fine")',
      ),
      perl: lines.perl(
        'use POSIX ();',
        head.perl,
        'if (!fork) { POSIX::setsid(); if (!fork) { POSIX::close($_) for 0 .. 2; sleep 1 } POSIX::_exit(0) }',
        'wait;',
        'print "fine\\n";',
      ),
    },
    seen: [200, 'fine\n'],
    ending: 'exit 0',
  },
  {
    what: 'forks a child that comes to its end while it goes on',
    script: {
      python: lines.python(head.python, 'if os.fork(): time.sleep(0.6); print("whole")'),
      perl: lines.perl(head.perl, 'if (fork) { select undef, undef, undef, 0.6; print "whole\\n" }'),
    },
    seen: [200, 'whole\n'],
    ending: 'exit 0',
  },
  {
    what: 'closes every descriptor',
    script: {
      python: lines.python(head.python, 'print("fine", flush=True)', 'os.closerange(0, 256)', 'os._exit(0)'),
      perl: lines.perl('use POSIX ();', head.perl, 'print "fine\\n";', 'POSIX::close($_) for 0 .. 255;'),
    },
    seen: [200, 'fine\n'],
    ending: 'exit 0',
  },
  {
    what: 'leaves a named pipe where its launcher looks for what it has learnt',
    script: {
      python: lines.python(
        'import glob',
        'os.mkfifo(glob.glob(os.environ["TMPDIR"] + "/postern-launcher-*")[0] + "/%d" % os.getpid())',
        head.python,
        'print("fine")',
      ),
      perl: lines.perl(
        'my ($folder) = glob "$ENV{TMPDIR}/postern-launcher-*";',
        'system "mkfifo", "$folder/$$";',
        head.perl,
        'print "fine\\n";',
      ),
    },
    seen: [200, 'fine\n'],
    ending: 'exit 0',
  },
  {
    what: 'leaves rubbish where its launcher looks for what it has learnt',
    script: {
      python: lines.python(
        'import glob, random',
        'folder = glob.glob(os.environ["TMPDIR"] + "/postern-launcher-*")[0]',
        'open(folder + "/%d" % os.getpid(), "wb").write(random.randbytes(200000))',
        'os.mkdir(folder + "/%d" % (os.getpid() + 1))',
        'os.symlink("/dev/zero", folder + "/%d" % (os.getpid() + 2))',
        head.python,
        'print("fine")',
      ),
      perl: lines.perl(
        'my ($folder) = glob "$ENV{TMPDIR}/postern-launcher-*";',
        'open my $file, ">", "$folder/$$"; print $file map { chr int rand 256 } 1 .. 200_000; close $file;',
        'mkdir "$folder/" . ($$ + 1); symlink "/dev/zero", "$folder/" . ($$ + 2);',
        head.perl,
        'print "fine\\n";',
      ),
    },
    seen: [200, 'fine\n'],
    ending: 'exit 0',
  },
  {
    what: 'kills its parent, the launcher',
    script: {
      python: lines.python('os.kill(os.getppid(), 9)', 'time.sleep(0.2)', head.python, 'print("whole")'),
      perl: lines.perl('kill KILL => getppid;', 'select undef, undef, undef, 0.2;', head.perl, 'print "whole\\n";'),
    },
    seen: [200, 'whole\n', false],
    isFatal: true,
  },
  {
    what: 'stops its parent, the launcher',
    script: {
      python: lines.python('os.kill(os.getppid(), signal.SIGSTOP)', head.python, 'print("whole")'),
      perl: lines.perl('kill STOP => getppid;', head.perl, 'print "whole\\n";'),
    },
    seen: [200, 'whole\n', false],
    isFatal: true,
  },
]

for (const { what, script, seen, ending, isFatal } of misdeeds) {
  for (const language of languages) {
    test(`faults, warm ${language}: a script that ${what}`, { skip }, async () => {
      await using stage = new WarmStage(
        { script: script[language] ?? '' },
        { backgroundGrace: '100ms', killGrace: '200ms', idleTimeout: '1s' },
      )
      const launcher = await stage.warmUp(`${language}-look`)
      const from = stage.events.length
      const answer = await stage.get('script')
      assert.ok(stage.isWarm(from))
      const [status, body, isBroken = false] = seen
      assert.deepEqual([answer.status, answer.isBroken], [status, isBroken], JSON.stringify(stage.events.slice(from)))
      if (typeof body === 'string') assert.equal(answer.body, body)
      else assert.match(answer.body, body)
      if (ending !== undefined) {
        const ended = (): string | undefined => {
          const event = stage.events.slice(from).find(({ type }) => type === 'program-ended')
          return event?.type === 'program-ended' ? (event.ending.signal ?? `exit ${event.ending.exitCode}`) : undefined
        }
        assert.ok(await eventually(() => ended() !== undefined, 3000))
        assert.equal(ended(), ending)
      }
      for (let time = 0; time < 3; time++) assert.equal((await stage.get(`${language}-look`)).status, 200)
      const after = await stage.warmUp(`${language}-look`)
      if (isFatal !== true) assert.equal(after, launcher, 'the launcher goes on')
      assert.ok(await eventually(() => stage.count('program-started') === stage.count('program-ended'), 3000))
      const { folder } = stage
      await stage.gateway[Symbol.asyncDispose]()
      assert.deepEqual(readdirSync(folder), [])
      assert.ok(await eventually(() => processesOf(folder).length === 0, 4000), processesOf(folder).join())
    })
  }
}
