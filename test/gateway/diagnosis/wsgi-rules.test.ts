import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { assertFinding, evidenceOf, factsOf } from './support.ts'

const notLoaded = {
  kind: 'application-not-loaded',
  application: 'app:application',
  python: '/usr/bin/python3',
  code: 'exit code 3',
} as const
const facts = factsOf('')

test('diagnosis: an application whose module is missing is told of its Python, and how to name another', () => {
  const lastWords = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'flask'\n"
  const evidence = { ...evidenceOf({ ...notLoaded, lastWords }), stderrTail: lastWords }
  assertFinding(diagnose(evidence, facts), {
    rule: 'application-module-missing',
    cause: /imports "flask".*\/usr\/bin\/python3/,
    mend: /--venv DIR/,
  })
})

test('diagnosis: an application that cannot be loaded has its last line told', () => {
  const lastWords = "Traceback (most recent call last):\n  …\nKeyError: 'SECRET'\n"
  const evidence = { ...evidenceOf({ ...notLoaded, lastWords }), stderrTail: lastWords }
  assertFinding(diagnose(evidence, facts), {
    rule: 'application-not-loaded',
    cause: /exit code 3.*KeyError: 'SECRET'/,
    mend: /traceback/,
  })
})

test('diagnosis: an application that raises is told where', () => {
  const failure = { kind: 'application-raised', exception: 'ValueError: x' } as const
  assertFinding(diagnose(evidenceOf(failure), facts), {
    rule: 'application-raised',
    cause: /ValueError: x/,
    mend: /log/,
  })
  const stderrTail = 'Traceback (most recent call last):\n  File "/srv/app.py", line 8, in application\nValueError: x\n'
  const found = diagnose({ ...evidenceOf(failure), stderrTail }, facts)
  assertFinding(found, {
    rule: 'python-exception',
    cause: /Line 8 of \/srv\/app\.py raised ValueError: x/,
    mend: /\+8/,
  })
})

test('diagnosis: of a request that was stuck, the innermost place of the application itself is told', () => {
  const stack =
    '  File "/usr/lib/python3.11/socket.py", line 706 in readinto\n  File "/srv/app.py", line 6 in application\n'
  const failure = { kind: 'timed-out', phase: 'first-byte', afterMs: 30_000 } as const
  const stderrTail = `It stood here, the innermost call first:\n${stack}`
  assertFinding(diagnose({ ...evidenceOf(failure), stderrTail }, facts), {
    rule: 'application-stuck',
    cause: /within 30 s.*"\/srv\/app\.py", line 6 in application/,
    mend: /--first-byte-timeout/,
  })
  assert.equal(diagnose(evidenceOf(failure), facts).rule, 'first-byte-timeout')
})

test('diagnosis: a worker that ends in the middle of a request is told of, with its exit code or signal', () => {
  const left = evidenceOf({ kind: 'worker-ended', exitCode: 3, signal: null })
  const killed = evidenceOf({ kind: 'worker-ended', exitCode: null, signal: 'SIGKILL' })
  assertFinding(diagnose(left, facts), { rule: 'worker-ended', cause: /exit code 3/, mend: /os\._exit/ })
  assertFinding(diagnose(killed, facts), { rule: 'worker-ended', cause: /SIGKILL/, mend: /--max-memory/ })
})

test('diagnosis: of an application that does not come to be loaded, the place where it stands is told', () => {
  const lastWords =
    'It stood here, the innermost call first:\n  File "/usr/lib/python3.11/socket.py", line 8 in connect\n  File "/srv/db.py", line 6 in <module>\n'
  const failure = { ...notLoaded, lastWords, code: 'after 60 s', afterMs: 60_000 }
  assertFinding(diagnose({ ...evidenceOf(failure), stderrTail: lastWords }, facts), {
    rule: 'application-loads-too-long',
    cause: /within 60 s\. It stood at "\/srv\/db\.py", line 6 in <module>/,
    mend: /--load-timeout/,
  })
})
