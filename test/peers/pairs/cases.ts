// What every pair must do: one table of cases.

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { byteStringOf, bytesOf, type ByteString } from '../../../src/bytes/byte-string.ts'
import { eventually } from '../../support/server-process.ts'
import { ask, openAnswer } from './client.ts'
import type { Manner, Pair, Variables } from './pair.ts'

export interface PairCase {
  readonly title: string
  play(pair: Pair, manner: Manner): Promise<void>
}

const uploadBytes = 64 * 1024 * 1024
/** In which a program learns that nobody hears it, or a word reaches a log. */
const longestMs = 20_000

export const pairCases = {
  variables: {
    title: 'RFC 3875 4.1: meta-variables say what the client asked for',
    async play(pair, { variables }) {
      const rest = '/path%20info/caf%C3%A9/x?do=variables&a=b%20c&d=%26'
      const { status, body } = await ask(pair.url + pair.script + rest, {
        fields: {
          Authorization: 'Basic dXNlcjpzZWNyZXQ=',
          Cookie: 'one=1; two=2',
          'X-Two-Words': 'one two',
          Proxy: 'http://attacker.invalid/',
        },
      })
      assert.equal(status, 200, body)
      const { hostname, port, host } = new URL(pair.url)
      checkVariables(body, {
        REQUEST_METHOD: 'GET',
        SCRIPT_NAME: pair.script,
        PATH_INFO: byteStringOf(Buffer.from('/path info/café/x')),
        QUERY_STRING: 'do=variables&a=b%20c&d=%26',
        REQUEST_URI: pair.script + rest,
        SERVER_PROTOCOL: 'HTTP/1.1',
        SERVER_NAME: hostname,
        SERVER_PORT: port,
        REMOTE_ADDR: '127.0.0.1',
        HTTP_HOST: host,
        HTTP_AUTHORIZATION: 'Basic dXNlcjpzZWNyZXQ=',
        HTTP_COOKIE: 'one=1; two=2',
        HTTP_X_TWO_WORDS: 'one two',
        // Security: CVE-2016-5385 and its kin.
        HTTP_PROXY: null,
        HTTPS: null,
        ...variables?.(pair),
      })
    },
  },

  encodedSlash: {
    title: 'RFC 3875 4.1.5: an encoded slash in the path is refused, or decoded in PATH_INFO',
    async play(pair, { encodedSlash, variables }) {
      const { status, body } = await ask(`${pair.url}${pair.script}/a%2Fb?do=variables`)
      if (encodedSlash !== 'decoded') return assert.ok(encodedSlash.includes(status), `${status} ${body}`)
      assert.equal(status, 200, body)
      const before = variables?.(pair)['SCRIPT_NAME'] === '' ? pair.script : ''
      checkVariables(body, { PATH_INFO: `${before}/a/b` })
    },
  },

  tls: {
    title: 'HTTPS is on where the client came by TLS',
    async play({ secureUrl, script }) {
      assert.ok(secureUrl !== undefined, 'the pair has no TLS')
      const { body } = await ask(`${secureUrl}${script}?do=variables`)
      checkVariables(body, { HTTPS: 'on', SERVER_PORT: new URL(secureUrl).port })
    },
  },

  echo: {
    title: 'RFC 3875 4.2: a body of all bytes reaches the program, and comes back',
    async play(pair) {
      const body = Buffer.concat(Array.from({ length: 500 }, () => bytesOf(allBytes)))
      await checkEcho(pair, body, false)
      await checkEcho(pair, Buffer.alloc(0), false)
    },
  },

  chunked: {
    title: 'RFC 9112 7.1: a body of unknown length reaches the program whole',
    play: (pair) => checkEcho(pair, randomBytes(300_000), true),
  },

  upload: {
    title: 'an upload of 64 MiB reaches the program unchanged',
    async play({ url, script }) {
      const { body, sha256 } = (upload ??= newUpload())
      const answer = await ask(`${url}${script}?do=digest`, {
        method: 'POST',
        body,
        fields: { 'Content-Type': 'application/octet-stream' },
      })
      assert.equal(answer.body, `${uploadBytes} ${sha256}\n`)
    },
  },

  stream: {
    title: 'the beginning of an answer arrives while the program still waits',
    async play(pair) {
      const gate = newGate(pair)
      const answer = await openAnswer(`${pair.url}${pair.script}?do=stream&gate=${gate}`)
      assert.equal(await answer.until('first\n'), 'first\n')
      writeFileSync(gate, '')
      assert.deepEqual(await answer.rest(), { body: 'first\nlast\n', isWhole: true })
    },
  },

  abort: {
    title: 'a client that leaves in the middle of an answer ends the program’s work on it',
    async play(pair) {
      const gate = newGate(pair)
      const answer = await openAnswer(`${pair.url}${pair.script}?do=endless&gate=${gate}`)
      await answer.until('tick\n')
      answer.leave()
      const begun = readFileSync(`${gate}.begun`, 'utf8')
      const isOver = (): boolean => existsSync(`${gate}.ended`) || !isAlive(Number(begun))
      assert.ok(await eventually(isOver, longestMs), 'the program still works')
    },
  },

  head: {
    title: 'RFC 9110 9.3.2: HEAD has the fields and no body',
    async play({ url, script }) {
      const { status, fields, body, isWhole } = await ask(`${url}${script}?do=variables`, { method: 'HEAD' })
      assert.equal(status, 200)
      assert.match(fields['content-type']?.join() ?? '', /^text\/plain/)
      assert.deepEqual({ body, isWhole }, { body: '', isWhole: true })
    },
  },

  unchanged: {
    title: 'RFC 9110 15.4.5: 304 of the program keeps its ETag and has no body',
    async play({ url, script }) {
      const { status, fields, body, isWhole } = await ask(`${url}${script}?do=unchanged`)
      assert.equal(status, 304)
      assert.deepEqual(fields['etag'], ['"one"'])
      assert.deepEqual({ body, isWhole }, { body: '', isWhole: true })
    },
  },

  broken: {
    title: 'RFC 3875 6.3.3: an error status of the program keeps its body',
    async play({ url, script }) {
      const { status, body } = await ask(`${url}${script}?do=broken`)
      assert.deepEqual({ status, body }, { status: 503, body: 'it is broken\n' })
    },
  },

  cookies: {
    title: 'RFC 6265 3: several Set-Cookie stay several',
    async play({ url, script }) {
      const { fields } = await ask(`${url}${script}?do=cookies`)
      assert.deepEqual(fields['set-cookie'], ['a=1; Path=/', 'b=2', 'c=3; HttpOnly'])
    },
  },

  short: {
    title: 'an answer shorter than its Content-Length is not taken for whole',
    async play({ url, script }) {
      // Some servers close before they have sent a byte.
      const answer = await ask(`${url}${script}?do=short`).catch(() => undefined)
      assert.ok(answer === undefined || answer.status >= 500 || !answer.isWhole, `whole: ${answer?.body}`)
    },
  },

  cut: {
    title: 'an answer whose program dies in the middle of it is not taken for whole',
    async play(pair) {
      const gate = newGate(pair)
      const answer = await openAnswer(`${pair.url}${pair.script}?do=cut&gate=${gate}`)
      await answer.until('begun\n')
      writeFileSync(gate, '')
      assert.deepEqual(await answer.rest(), { body: 'begun\n', isWhole: false })
      const next = await ask(`${pair.url}${pair.script}?do=cookies`)
      assert.equal(next.body, 'cookies\n', 'the next request')
    },
  },

  diagnostics: {
    title: 'standard error of the program is in the log',
    async play(pair) {
      const gate = newGate(pair)
      const { body } = await ask(`${pair.url}${pair.script}?do=diagnostics&gate=${gate}`)
      assert.equal(body, 'told\n')
      const word = `a word for the log of ${gate.slice(pair.gates.length + 1)}`
      assert.ok(await eventually(() => pair.log().includes(word), longestMs), pair.log().slice(-2000))
    },
  },

  many: {
    title: 'fifty requests over eight kept connections are all answered',
    async play({ url, script }) {
      const agent = new Agent({ keepAlive: true, maxSockets: 8 })
      try {
        await Promise.all(
          Array.from({ length: 50 }, async (_, at) => {
            const body = bytesOf(`request ${at}`)
            const answer = await ask(`${url}${script}?do=echo`, { method: 'POST', body, agent, fields: plain })
            assert.deepEqual([answer.status, answer.body], [200, `request ${at}`])
          }),
        )
      } finally {
        agent.destroy()
      }
    },
  },
} as const satisfies Record<string, PairCase>

/** For all pairs of a process: it takes a while. */
let upload: { readonly body: Uint8Array; readonly sha256: string } | undefined

function newUpload(): { readonly body: Uint8Array; readonly sha256: string } {
  const body = randomBytes(uploadBytes)
  return { body, sha256: createHash('sha256').update(body).digest('hex') }
}

const plain = { 'Content-Type': 'text/plain' }

const allBytes: ByteString = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')

async function checkEcho({ url, script }: Pair, body: Uint8Array, chunked: boolean): Promise<void> {
  const fields = { 'Content-Type': 'application/x-test' }
  const answer = await ask(`${url}${script}?do=echo`, { method: 'POST', body, chunked, fields })
  assert.equal(answer.status, 200, answer.body.slice(0, 500))
  assert.deepEqual(answer.fields['content-type'], ['application/x-test'])
  assert.ok(answer.body === byteStringOf(body), `${answer.body.length} bytes came back of ${body.length}`)
}

function checkVariables(body: ByteString, expected: Variables): void {
  const lines = body.split('\n').filter((line) => line.includes('='))
  const variables = new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  const seen = Object.fromEntries(Object.keys(expected).map((name) => [name, variables.get(name) ?? null]))
  // A pattern that fits stands for itself, so that one message shows all.
  const wanted = Object.entries(expected).map(([name, value]) =>
    value instanceof RegExp && value.test(variables.get(name) ?? '') ? [name, variables.get(name)] : [name, value],
  )
  assert.deepEqual(seen, Object.fromEntries(wanted))
}

let gateCount = 0

function newGate({ gates }: Pair): string {
  gateCount++
  return join(gates, `gate-${gateCount}`)
}

/** For a program that runs once; others say themselves when they have stopped. */
function isAlive(pid: number): boolean {
  if (pid === 0) return true
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
