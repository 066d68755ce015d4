// A worker that says what no worker should: in the place of Python stands a program of the test's own.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../support/server-process.ts'
import { skip, WsgiStage } from './wsgi-stage.ts'

const rounds = Number(process.env['POSTERN_WSGI_ODD_ROUNDS'] ?? 2)

/** Dials in as a worker does; a request names what it answers with. */
const fake = `#!/usr/bin/env python3
import json, os, re, signal, socket, struct, sys

signal.signal(signal.SIGTERM, signal.SIG_DFL)
SOCKET = sys.argv[-1]

def frame(kind, content=b''):
    return kind + struct.pack('>I', len(content)) + content

def hello(pid=os.getpid(), **more):
    return frame(b'H', json.dumps({'pid': pid, 'thread': '0x01', 'language': 'Odd 1', **more}).encode())

HEAD = b'Status: 200 OK\\r\\nContent-Type: text/plain\\r\\n'
END = frame(b'Z', b'0')

def whole(text):
    return frame(b'O', HEAD + b'\\r\\n' + text * 20) + END

ANSWERS = {
    b'right': whole,
    b'unknown': lambda text: frame(b'q') + whole(text),
    b'too-long': lambda text: b'O' + struct.pack('>I', 1048577) + whole(text),
    b'longest': lambda text: b'\\x45\\xff\\xff\\xff\\xff' + whole(text),
    b'second-hello': lambda text: hello() + whole(text),
    b'of-the-server': lambda text: frame(b'B', text) + whole(text),
    b'no-end': lambda text: frame(b'Z', b'3'),
    b'no-reason': lambda text: frame(b'Z', b'1'),
    b'asks': lambda text: frame(b'R') + whole(text),
    b'http': lambda text: b'HTTP/1.1 200 OK\\r\\n\\r\\n' + text,
    b'zeros': lambda text: bytes(1000),
    b'nothing': lambda text: END,
    b'half-head': lambda text: frame(b'O', HEAD) + END,
    b'no-head': lambda text: frame(b'O', text * 20) + END,
    b'late-fault': lambda text: frame(b'O', HEAD + b'\\r\\n' + text) + frame(b'q'),
    b'cut': lambda text: frame(b'O', HEAD + b'Content-Length: 1000\\r\\n\\r\\n' + text) + END,
    b'two-ends': lambda text: whole(text) + END,
    b'two-answers': lambda text: whole(text) + whole(b'evil '),
    b'half-answer': lambda text: whole(text) + frame(b'O', HEAD + b'\\r\\nevil')[:-2],
}

def dial(first):
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    one.connect(SOCKET)
    one.sendall(first)
    return one

def request(one):
    data = one.recv(65536)
    while data and (len(data) < 5 or len(data) < 5 + struct.unpack('>I', data[1:5])[0]):
        data += one.recv(65536)
    return data

# Who never says who they are, or lie.
odd = [dial(first) for first in (
    b'', b'H', b'garbage', whole(b'evil '), frame(b'R'), END, hello(1), hello(preload=True), hello(0), hello(-5),
    frame(b'H', b'{}'), frame(b'H', b'[' * 1000), frame(b'P', b'{"pid":1}'), frame(b'G', b'{}'), frame(b'F', b'[1]'),
)]
# One who says who it is, and answers before it is asked.
odd.append(dial(hello() + whole(b'evil ')))

while True:
    one = dial(hello())
    while True:
        data = request(one)
        if not data:
            break
        kind = re.search(rb'\\0PATH_INFO\\0/([^\\0]*)', data).group(1)
        text = re.search(rb'\\0QUERY_STRING\\0id=(\\w+)', data).group(1) + b' '
        try:
            if kind == b'endless-head':
                one.sendall(frame(b'O', HEAD))
                while True:
                    one.sendall(frame(b'O', b'X-More: ' + b'a' * 1000 + b'\\r\\n'))
            if kind == b'endless-line':
                while True:
                    one.sendall(frame(b'O', b'a' * 65536))
            one.sendall(ANSWERS[kind](text))
        except OSError:
            break
    one.close()
`

const refused = [
  'unknown',
  'too-long',
  'longest',
  'second-hello',
  'of-the-server',
  'no-end',
  'no-reason',
  'asks',
  'http',
  'zeros',
  'nothing',
  'half-head',
  'no-head',
  'endless-head',
  'endless-line',
]
/** A 200 that does not look whole. */
const broken = ['late-fault', 'cut']
const answered = ['two-ends', 'two-answers', 'half-answer', 'right']

test(
  'faults: workers that say what none should: 502 or broken off, and no answer reaches another',
  { skip },
  async () => {
    await using stage = await WsgiStage.open(
      ['--workers', '3', '--python', 'FOLDER/fake', '--first-byte-timeout', '20s'],
      {
        fake,
      },
    )
    const { server } = stage
    const wrong: string[] = []
    let number = 0
    const ask = async (kind: string): Promise<void> => {
      const id = `r${number++}`
      const outcome = await stage.ask({ kind, id })
      const { status, body, isWhole } = outcome
      const isRight = refused.includes(kind)
        ? status === 502 && isWhole && !body.includes(id)
        : broken.includes(kind)
          ? (status === 200 && !isWhole && `${id} `.startsWith(body)) || status === 502
          : status === 200 && isWhole && body === `${id} `.repeat(20)
      if (!isRight) wrong.push(`${kind}: ${JSON.stringify(outcome).slice(0, 300)}`)
    }
    for (let round = 0; round < rounds; round++) {
      for (const kind of [...refused, ...broken, ...answered]) {
        // The other threads go on with what is right.
        await Promise.all([ask('right'), ask(kind), ask('right')])
        await ask('right')
      }
    }
    assert.deepEqual(wrong, [])
    assert.ok(await stage.runs(), server.log().slice(-2000))
    assert.equal(stage.processes().length, 3)
    assert.doesNotMatch(server.log(), /internal|TypeError|unhandled|evil/i)
    stage.hangUp()
    server.signal('SIGTERM')
    assert.equal(await server.exited, 0)
    assert.ok(await eventually(() => stage.processes().length === 0, 20_000))
  },
)
