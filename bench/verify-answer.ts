/** Asks a server for a case once and says what is wrong with its answer: a fast wrong answer is worth no figure. */
import { once } from 'node:events'
import { IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { bodyBytesOf, type Case } from './case.ts'

const answerLimitMs = 10_000

export async function verifyAnswer(url: string, subject: Case): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(answerLimitMs)
    const postBytes = bodyBytesOf(subject)
    const upload = postBytes === undefined ? undefined : Buffer.alloc(postBytes, 'x')
    const asked = request(new URL(subject.path, url), {
      method: upload ? 'POST' : 'GET',
      headers: upload ? { 'content-length': upload.length } : {},
      agent: false,
      signal,
    })
    asked.end(upload)
    const [response]: unknown[] = await once(asked, 'response', { signal })
    if (!(response instanceof IncomingMessage)) return 'no response'
    const body = await buffer(response)
    if (response.statusCode === 200 && subject.isRight(body)) return undefined
    return `status ${response.statusCode}, ${body.length} bytes: ${JSON.stringify(body.toString('latin1', 0, 200))}`
  } catch (error) {
    return String(error)
  }
}
