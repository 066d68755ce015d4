// What can befall a warm interpreter and its workers, and what requests see of it: as little as of a cold one.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/server-process.ts'
import { cgi, createGateway, type GatewayEvent, type PosternGateway } from '../../src/index.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { descriptorCount, head, languages, lines, look, processesOf, skip, WarmStage } from './warm-stage.ts'

const runsLong = {
  python: lines.python(head.python, 'time.sleep(0.7)', 'print("x" * 300000)'),
  perl: lines.perl(head.perl, 'select undef, undef, undef, 0.7;', 'print "x" x 300000, "\\n";'),
}

for (const language of languages) {
  test(
    `faults, warm ${language}: its launcher is killed: what runs finishes, the next is served, warm again later`,
    { skip },
    async () => {
      await using stage = new WarmStage({ long: runsLong[language] })
      const launcher = await stage.warmUp(`${language}-look`)
      const before = descriptorCount()
      const running = Array.from({ length: 4 }, () => stage.get('long'))
      await sleep(200)
      process.kill(launcher, 'SIGKILL')
      const next = await stage.get(`${language}-look`)
      assert.deepEqual([next.status, next.isBroken], [200, false])
      for (const { status, body, isBroken } of await Promise.all(running)) {
        assert.deepEqual([status, body.length, isBroken], [200, 300_001, false])
      }
      const again = await stage.warmUp(`${language}-look`)
      assert.notEqual(again, launcher)
      assert.equal(stage.count('program-started'), stage.count('program-ended'))
      assert.match(stage.notices.join('\n'), /launcher is gone: it was ended by SIGKILL; .*afresh/)
      assert.match(stage.notices.join('\n'), /workers again/)
      await sleep(300)
      assert.ok(descriptorCount() <= before + 8, `${before} descriptors before, now ${descriptorCount()}`)
      const { folder } = stage
      await stage.gateway[Symbol.asyncDispose]()
      assert.deepEqual(readdirSync(folder), [])
      assert.ok(await eventually(() => processesOf(folder).length === 0, 2000), processesOf(folder).join())
    },
  )

  test(`faults, warm ${language}: a worker that is killed while it waits is missed by nobody`, { skip }, async () => {
    await using stage = new WarmStage({}, { warmMinIdle: 2 })
    const launcher = await stage.warmUp(`${language}-look`)
    await sleep(200)
    for (const line of processesOf(stage.folder)) {
      if (Number.parseInt(line, 10) !== launcher) process.kill(Number.parseInt(line, 10), 'SIGKILL')
    }
    await sleep(50) // They end a moment after they have been told to.
    for (let time = 0; time < 5; time++) assert.equal((await stage.get(`${language}-look`)).status, 200)
    assert.equal(await stage.warmUp(`${language}-look`), launcher, 'the launcher goes on')
  })
}

const learns = {
  python: lines.python('import json, sqlite3', head.python, 'print("learnt")'),
  perl: lines.perl('use Time::Local;', 'use Text::Wrap;', head.perl, 'print "learnt\\n";'),
}

for (const language of languages) {
  test(`faults, warm ${language}: a launcher that another one replaces waits for what runs`, { skip }, async () => {
    const scripts = { long: runsLong[language].replace('0.7', '2.5'), learns: learns[language] }
    await using stage = new WarmStage(scripts, { warmMinIdle: 3 })
    const launcher = await stage.warmUp(`${language}-look`)
    await sleep(200)
    const running = Array.from({ length: 4 }, () => stage.get('long'))
    await sleep(200)
    for (let time = 0; time < 3; time++) assert.equal((await stage.get('learns')).body, 'learnt\n')
    assert.ok(await eventually(() => stage.count('launcher-ready') > 1, 5000))
    assert.notEqual(await stage.warmUp(`${language}-look`), launcher)
    assert.ok(
      processesOf(stage.folder).some((line) => Number.parseInt(line, 10) === launcher),
      'it is still there',
    )
    for (const { body, isBroken } of await Promise.all(running)) {
      assert.deepEqual([body.length, isBroken], [300_001, false])
    }
    assert.ok(await eventually(() => stage.count('program-started') === stage.count('program-ended'), 3000))
    for (const event of stage.events) {
      if (event.type === 'program-ended') assert.deepEqual([event.ending.exitCode, event.ending.signal], [0, null])
    }
    const isThere = (): boolean => processesOf(stage.folder).some((line) => Number.parseInt(line, 10) === launcher)
    assert.ok(await eventually(() => !isThere(), 2000), 'then it ends')
    assert.deepEqual(stage.notices, [])
  })
}

const countingWrapper = (then: string): string =>
  `#!/bin/sh\ncase "$1" in *launcher.py) echo x >>"\${0%/*}/starts.txt"; ${then};; esac\nexec /usr/bin/python3 "$@"\n`

const starts = async ({ site }: WarmStage): Promise<number> => {
  const { readFile } = await import('node:fs/promises')
  return (await readFile(join(site.root, 'bin/starts.txt'), 'utf8').catch(() => '')).length / 2
}

test(
  'faults, warm python: an answer waits neither for the end of its worker nor for the launcher',
  { skip },
  async () => {
    await using stage = new WarmStage({ script: lines.python('time.sleep(0.3)', head.python, 'print("whole")') })
    const launcher = await stage.warmUp('python-look')
    await stage.get('script')
    const answer = stage.get('script')
    await sleep(100)
    process.kill(launcher, 'SIGSTOP')
    try {
      const since = performance.now()
      const { status, body } = await answer
      assert.deepEqual([status, body], [200, 'whole\n'])
      assert.ok(performance.now() - since < 2000)
      // Nobody has told how it ended.
      assert.ok(stage.count('program-ended') < stage.count('program-started'))
    } finally {
      process.kill(launcher, 'SIGCONT')
    }
    assert.ok(await eventually(() => stage.count('program-ended') === stage.count('program-started'), 3000))
  },
)

test(
  'faults, warm: a launcher that ends at its start is given up, and tried anew when its interpreter changes',
  { skip },
  async () => {
    await using stage = new WarmStage({ 'bin/python3': countingWrapper('exit 3') })
    stage.site.add(
      'script',
      `#!/usr/bin/env python3\nimport os\nprint("Content-Type: text/plain\\n")\nprint(os.getpid(), os.getppid())\n`,
    )
    stage.site.add(
      'direct',
      `#!${stage.site.root}/bin/python3\nimport os\nprint("Content-Type: text/plain\\n")\nprint(os.getpid(), os.getppid())\n`,
    )
    const until = performance.now() + 3000
    while (performance.now() < until) {
      assert.equal((await stage.get('direct')).status, 200)
      await sleep(5)
    }
    assert.equal(await starts(stage), 3)
    assert.equal(
      stage.notices.filter((text) => /no launcher can be started: it ended with exit code 3/.test(text)).length,
      1,
    )
    stage.site.add('bin/python3', countingWrapper(':'))
    await stage.warmUp('direct')
    assert.equal(await starts(stage), 4)
  },
)

test('faults, warm: a program that only bears the name of an interpreter is no launcher', { skip }, async () => {
  await using stage = new WarmStage({ 'bin/python3': countingWrapper('echo hello perl 5 >&63; exec sleep 30') })
  stage.site.add('direct', `#!${stage.site.root}/bin/python3\nprint("Content-Type: text/plain\\n\\nfine")\n`)
  const until = performance.now() + 2500
  while (performance.now() < until) {
    assert.equal((await stage.get('direct')).body, 'fine\n')
    await sleep(20)
  }
  assert.equal(await starts(stage), 3)
  assert.match(stage.notices.join('\n'), /no launcher can be started/)
  const { folder } = stage
  await stage.gateway[Symbol.asyncDispose]()
  assert.deepEqual(processesOf(folder), [])
})

test('faults, warm: an interpreter that is missing is told once, and is 502', { skip }, async () => {
  await using stage = new WarmStage({ script: '#!/usr/bin/python3.99\nprint()\n' })
  const until = performance.now() + 1500
  while (performance.now() < until) {
    assert.equal((await stage.get('script')).status, 502)
    await sleep(10)
  }
  assert.equal(stage.notices.filter((text) => /launcher/.test(text)).length, 1, stage.notices.join('\n'))
})

test(
  'faults, warm: a launcher that hangs while it loads modules keeps nobody waiting, and ends with the gateway',
  { skip },
  async () => {
    await using stage = new WarmStage({ 'lib/hangs.py': 'import time\ntime.sleep(60)\n' }, { preload: ['hangs'] })
    const { folder } = stage
    const since = performance.now()
    assert.equal((await stage.get('python-look')).status, 200)
    await sleep(500)
    assert.equal((await stage.get('python-look')).status, 200)
    assert.ok(performance.now() - since < 2500)
    await stage.gateway[Symbol.asyncDispose]()
    assert.ok(performance.now() - since < 4000)
    assert.ok(await eventually(() => processesOf(folder).length === 0, 1000), processesOf(folder).join())
    assert.deepEqual(readdirSync(folder), [])
  },
)

test(
  'faults, warm: more requests at once than workers may wait, all answered, within the limit',
  { skip },
  async () => {
    for (const language of languages) {
      await using stage = new WarmStage({ long: runsLong[language].replace('0.7', '0.01') }, { maxRunning: 8 })
      await stage.warmUp(`${language}-look`)
      const answers = await Promise.all(Array.from({ length: 200 }, () => stage.get('long')))
      assert.deepEqual(new Set(answers.map(({ status, body }) => `${status} ${body.length}`)), new Set(['200 300001']))
      const warm = stage.events.filter((event) => event.type === 'program-started' && event.isWarm).length
      assert.ok(warm > 190, `${warm} of 200 were warm`)
    }
  },
)

/** Seventeen `#!` lines, each of which needs a launcher of its own. */
async function askMany(site: TemporarySite, gateway: PosternGateway, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    site.add(`look${index}`, look.python.replace('python3\n', `python3 -Wignore::UserWarning:m${index}\n`))
    const answer = await gateway.fetch(new Request(`http://www.example.org/look${index}`))
    await answer.text()
    assert.equal(answer.status, 200)
  }
}

test('faults, warm: there are sixteen launchers at most; the next script is started afresh', { skip }, async () => {
  using site = temporarySite({})
  const notices: string[] = []
  const observe = (event: GatewayEvent): void => void (event.type === 'notice' && notices.push(event.text))
  await using gateway = createGateway({ observe, routes: [{ path: '/', to: cgi(site.root) }] })
  await askMany(site, gateway, 0, 16)
  assert.deepEqual(notices, [])
  await askMany(site, gateway, 16, 17)
  assert.match(notices.join('\n'), /^\S+look16 is started afresh .*: there are 16 launchers already$/)
})

test('faults, warm: a launcher that has ended for want of requests makes room for another', { skip }, async () => {
  using site = temporarySite({})
  let ready = 0
  const observe = (event: GatewayEvent): void => void (event.type === 'launcher-ready' && ready++)
  const options = { observe, warmIdleTimeout: '100ms', routes: [{ path: '/', to: cgi(site.root) }] }
  await using gateway = createGateway(options)
  await askMany(site, gateway, 0, 16)
  assert.ok(await eventually(() => ready === 16, 30_000), String(ready))
  await sleep(1500)
  await askMany(site, gateway, 16, 17)
  assert.ok(await eventually(() => ready === 17, 10_000), String(ready))
})

test('faults, warm: time limits end a worker and its children', { skip }, async () => {
  const scripts = {
    'python-silent': lines.python('os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "30")', 'time.sleep(30)'),
    'python-stalls': lines.python(head.python, 'print("half", flush=True)', 'time.sleep(30)'),
    'python-talks': lines.python(head.python, 'while True:', '    print("x", flush=True)', '    time.sleep(0.05)'),
    'perl-silent': lines.perl('if (!fork) { exec "sleep", 30 }', 'sleep 30;'),
    'perl-stalls': lines.perl(head.perl, 'print "half\\n";', 'sleep 30;'),
    'perl-talks': lines.perl(head.perl, 'while (1) { print "x\\n"; select undef, undef, undef, 0.05 }'),
  }
  await using stage = new WarmStage(scripts, {
    firstByteTimeout: '300ms',
    idleTimeout: '400ms',
    totalTimeout: '1s',
    killGrace: '200ms',
  })
  for (const language of languages) {
    const launcher = await stage.warmUp(`${language}-look`)
    for (const [name, status, isBroken] of [
      ['silent', 504, false],
      ['stalls', 200, true],
      ['talks', 200, true],
    ] as const) {
      const from = stage.events.length
      const answer = await stage.get(`${language}-${name}`)
      assert.deepEqual([answer.status, answer.isBroken, stage.isWarm(from)], [status, isBroken, true], name)
    }
    assert.equal(await stage.warmUp(`${language}-look`), launcher)
  }
  assert.ok(await eventually(() => !processesOf(stage.folder).some((line) => line.includes('sleep')), 3000))
})

test(
  'faults, warm: large requests: 620 KiB of variables, one of 120 KiB, 10 MiB of body on the way, a body in a file',
  { skip },
  async () => {
    const count = {
      'python-count': lines.python(
        head.python,
        'print(os.environ.get("LARGE", "")[-3:], len(os.environ.get("LARGE", "")), len(sys.stdin.buffer.read()))',
      ),
      'perl-count': lines.perl(
        head.perl,
        'my $large = $ENV{LARGE} // ""; my $length = 0; my $part;',
        '$length += $_ while $_ = read STDIN, $part, 65536;',
        'print substr($large, -3), " ", length $large, " $length\\n";',
      ),
    }
    // More than a socket takes at once.
    const more = Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`MORE_${number}`, 'm'.repeat(100_000)]))
    const large = `${'v'.repeat(120 * 1024 - 3)}end`
    await using stage = new WarmStage(count, { env: { LARGE: large, ...more } }, { maxVariables: '2MiB' })
    const body = new Uint8Array(10 * 1024 * 1024)
    const streamed = (): RequestInit => ({
      method: 'POST',
      body: new Blob([body]).stream(),
      duplex: 'half',
      headers: { 'Content-Length': String(body.length) },
    })
    const spooled = (): RequestInit => ({ method: 'POST', body: new Blob([body]).stream(), duplex: 'half' })
    for (const language of languages) {
      const path = `${language}-count`
      await stage.warmUp(path)
      for (const init of [{}, { method: 'POST', body: 'abc' }, streamed(), spooled()]) {
        const from = stage.events.length
        const answer = await stage.get(path, init)
        const sent = !('body' in init) ? 0 : init.body === 'abc' ? 3 : body.length
        assert.deepEqual([answer.body, stage.isWarm(from)], [`end ${120 * 1024} ${sent}\n`, true])
      }
    }
  },
)

test('faults, warm: a client that leaves ends the worker; one that reads slowly holds it back', { skip }, async () => {
  const endless = {
    'python-endless': lines.python(
      head.python,
      'while True:',
      '    sys.stdout.write("x" * 1000)',
      '    sys.stderr.write("y\\n")',
      '    sys.stderr.flush()',
    ),
    'perl-endless': lines.perl(head.perl, 'while (1) { print "x" x 1000; print STDERR "y\\n" }'),
  }
  await using stage = new WarmStage(endless, { killGrace: '200ms' })
  for (const language of languages) {
    const launcher = await stage.warmUp(`${language}-look`)
    const answer = await stage.gateway.fetch(new Request(`http://www.example.org/${language}-endless`))
    await sleep(700)
    const written = (): number => stage.count('diagnostic-line')
    const [before] = [written(), await sleep(300)]
    assert.ok(written() - before < 50, `${written() - before} lines while nobody reads`)
    await answer.body?.cancel()
    assert.ok(await eventually(() => stage.count('program-started') === stage.count('program-ended'), 3000))
    assert.equal(await stage.warmUp(`${language}-look`), launcher)
  }
})

const mostRequests = Number(process.env['POSTERN_WARM_REQUESTS'] ?? 2000)

test(
  `faults, warm: after ${mostRequests} requests no descriptor and no process is left over`,
  { skip, timeout: 300_000 },
  async () => {
    await using stage = new WarmStage({}, { warmMaxIdle: 4 })
    for (const language of languages) await stage.warmUp(`${language}-look`)
    await sleep(1000)
    const before = descriptorCount()
    let asked = 0
    const ask = async (): Promise<void> => {
      while (asked++ < mostRequests) {
        const { status } = await stage.get(`${languages[asked % 2]}-look`)
        if (status !== 200) throw new Error(`status ${status}`)
        if (asked % 100 === 0) stage.events.length = 0
      }
    }
    await Promise.all([ask(), ask(), ask(), ask()])
    assert.ok(
      await eventually(() => descriptorCount() <= before + 12, 3000),
      `${before} before, now ${descriptorCount()}`,
    )
    assert.deepEqual(
      processesOf(stage.folder).filter((line) => line.endsWith('Z')),
      [],
    )
  },
)

test(
  'faults, warm: a program with a gateway that is never ended runs as long as its requests, and no longer',
  { skip },
  async () => {
    using site = temporarySite({ look: look.python, slow: runsLong.python.replace('0.7', '1.5') })
    const library = new URL('../../../dist/index.js', import.meta.url).href
    const program = `
    import { cgi, createGateway } from ${JSON.stringify(library)}
    let isWarm = false
    const observe = (event) => { if (event.type === 'program-started') isWarm = event.isWarm }
    const gateway = createGateway({ observe, routes: [{ path: '/', to: cgi(${JSON.stringify(site.root)}) }] })
    const ask = async (name) => (await (await gateway.fetch(new Request('http://a.example/' + name))).text()).length
    while (!isWarm) { await ask('look'); await new Promise((resolve) => setTimeout(resolve, 50)) }
    void ask('slow').then((length) => { console.log(length); const at = Date.now(); process.on('exit', () => console.log(Date.now() - at)) })
  `
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (text) => {
      output += String(text)
    })
    const [code]: (number | null)[] = await once(child, 'close')
    const [length, afterMs] = output.split('\n').map(Number)
    assert.deepEqual([code, length], [0, 300_001])
    assert.ok((afterMs ?? Infinity) < 1000, output)
  },
)
