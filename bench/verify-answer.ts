/** Asks a server for a case once and says what is wrong with its answer: a fast wrong answer is worth no figure. */
import { once } from 'node:events'
import { get, IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Case } from './cases.ts'

const answerLimitMs = 10_000

export async function verifyAnswer(url: string, subject: Case): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(answerLimitMs)
    const request = get(new URL(subject.path, url), { agent: false, signal })
    const [response]: unknown[] = await once(request, 'response', { signal })
    if (!(response instanceof IncomingMessage)) return 'no response'
    const body = await buffer(response)
    if (response.statusCode === 200 && subject.isRight(body)) return undefined
    return `status ${response.statusCode}, ${body.length} bytes: ${JSON.stringify(body.toString('latin1', 0, 200))}`
  } catch (error) {
    return String(error)
  }
}
