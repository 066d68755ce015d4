// The client that is a web server with a CGI program: the gateway answers one request on streams. A process of its own
// for each request, which is what the program is elsewhere, would take most of the time of the whole matrix.

import { PassThrough, Writable } from 'node:stream'
import { bytesOf } from '../../../src/bytes/byte-string.ts'
import { nobodyListens, type Client, type ClientMaker } from './client.ts'
import { readAnswer } from './server-answer.ts'
import { serverVariables } from './server-variables.ts'

export const overCgi: ClientMaker = (gateway, { user }) => {
  const open: Client['open'] = async (asked) => {
    const { method = 'GET', body } = asked
    const variables = serverVariables(asked, 'path-info', user)
    // RFC 3875 4.2: the program reads as much as CONTENT_LENGTH says.
    if (body !== undefined) variables.set('CONTENT_LENGTH', String(body.length))
    const stdin = new PassThrough().end(bytesOf(body ?? ''))
    const stdout = new PassThrough()
    stdout.on('error', () => {}) // The client that leaves makes it.
    const exit = gateway.cgi({}, { variables, stdin, stdout, stderr: nowhere() })
    const leave = (): void => void stdout.destroy(new Error('EPIPE'))
    return readAnswer(untilExit(stdout, exit), method, leave)
  }
  return Promise.resolve({ url: nobodyListens, open, [Symbol.asyncDispose]: () => Promise.resolve() })
}

/** The program's end is the end of its output; its exit code says whether that was the whole answer. */
async function* untilExit(stdout: PassThrough, exit: Promise<boolean>): AsyncGenerator<Uint8Array> {
  const ended = exit.finally(() => stdout.end())
  ended.catch(() => {}) // It is heard below.
  yield* stdout
  if (!(await ended)) throw new Error('the program exited with 1')
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
