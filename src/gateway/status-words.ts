// What a status means, in words for the person in front of the browser.

import { STATUS_CODES } from 'node:http'
import type { FailureKind } from '../events/failures.ts'

export interface StatusWords {
  readonly title: string
  /** What to do, or whose fault it is. */
  readonly advice: string
}

const ours = 'This is a fault on our side, not on yours. It may help to try again in a moment.'
const yours = 'Check the address, or go back and try another way.'

const words: ReadonlyMap<number, StatusWords> = new Map([
  [301, { title: 'This page has moved', advice: 'Your browser should follow by itself.' }],
  [400, { title: 'The server does not understand this request', advice: yours }],
  [401, { title: 'Please sign in first', advice: 'This page is for known visitors only.' }],
  [403, { title: 'This page is not for everybody', advice: 'The server is not allowed to show it to you.' }],
  [
    404,
    {
      title: 'There is nothing at this address',
      advice: 'Check it for a typing error. The page may also have moved or be gone.',
    },
  ],
  [405, { title: 'That cannot be done with this page', advice: 'It answers other kinds of requests.' }],
  [408, { title: 'Your request took too long to arrive', advice: 'Check your connection, and try again.' }],
  [411, { title: 'The size of the upload is missing', advice: yours }],
  [413, { title: 'That is more than this server takes', advice: 'Send something smaller.' }],
  [414, { title: 'The address is too long', advice: yours }],
  [421, { title: 'This server does not answer for that name', advice: 'Check the name in the address.' }],
  [431, { title: 'The request is too large', advice: 'Deleting the cookies of this site may help.' }],
  [500, { title: 'Something went wrong on this server', advice: ours }],
  [501, { title: 'This server does not do that', advice: yours }],
  [502, { title: 'The program behind this page failed', advice: ours }],
  [503, { title: 'The server is busy just now', advice: 'Please try again in a moment.' }],
  [504, { title: 'The program behind this page took too long', advice: ours }],
  [505, { title: 'This server does not speak that version of HTTP', advice: yours }],
])

/** Where the failure says more than its status. */
const wordsOfFailures: { readonly [Kind in FailureKind]?: StatusWords } = {
  'application-not-loaded': { title: 'The application behind this page could not be started just now', advice: ours },
  'interpreter-missing': { title: 'What would run this page is not installed', advice: ours },
  'shutting-down': { title: 'The server is going down just now', advice: 'Please try again in a moment.' },
}

export function statusWords(status: number, failure?: FailureKind): StatusWords {
  const known = (failure === undefined ? undefined : wordsOfFailures[failure]) ?? words.get(status)
  if (known !== undefined) return known
  return status < 500
    ? { title: 'This request cannot be answered', advice: yours }
    : { title: 'Something went wrong on this server', advice: ours }
}

/** The reason phrase of RFC 9110 15; a number that nobody registered gets the name of its class. */
export function reasonPhrase(status: number): string {
  return STATUS_CODES[status] ?? (status < 400 ? 'Redirection' : status < 500 ? 'Client Error' : 'Server Error')
}
