// The write() callable.

import type { Cases } from '../case.ts'
import { readsFirstPart } from './stories.ts'

const section = 'PEP 3333 The write() Callable'

export const writes: Cases = {
  'writes/alone': {
    title: `${section}: what is written is the body, where the iterable is empty`,
    expected: { status: '200', body: 'one two', ending: 'whole' },
  },
  'writes/then-iterable': {
    title: `${section}: what is written comes before what the iterable yields`,
    expected: { status: '200', body: 'one two three', ending: 'whole' },
  },
  'writes/then-raises': {
    title: 'PEP 3333 Error Handling: an exception after write() breaks the answer off, or it is 500',
    expected: { ending: 'broken off' },
  },
  'writes/text': {
    title: 'PEP 3333 A Note On String Types: write() refuses a str',
    expected: { status: '200', body: 'refused' },
  },
  'writes/empty-then-replaced': {
    title: 'PEP 3333 Error Handling: an empty write() has sent nothing: the head can still be replaced',
    expected: { status: '503', reason: 'Replaced', body: 'second' },
  },
  'writes/with-length': {
    title: 'PEP 3333 Handling the Content-Length Header: what is written counts to it',
    expected: { status: '200', 'field content-length': '7', body: 'one two', ending: 'whole' },
  },
  'writes/beyond-length': {
    title: 'PEP 3333 Handling the Content-Length Header: what is written beyond it is not sent, and an error',
    expected: { status: '200', 'field content-length': '3', body: 'one', ending: 'whole', notes: 'raised' },
  },
  'writes/below-length': {
    title: 'PEP 3333 Handling the Content-Length Header: less written than it says breaks the answer off',
    expected: { status: '200', ending: 'broken off' },
  },
  'writes/large': {
    title: `${section}: four megabytes are written whole`,
    expected: { status: '200', body: 'x'.repeat(4194304), ending: 'whole' },
  },
  'writes: head': {
    title: 'RFC 9110 9.3.2: nothing that is written is sent for HEAD',
    request: { target: '/writes/alone', method: 'HEAD' },
    expected: { status: '200', body: '' },
  },
  'writes/streamed': {
    title: 'PEP 3333 Buffering and Streaming: what is written has gone to the client before write() is called again',
    story: readsFirstPart,
    expected: { first: 'came before the second was made', body: 'first second' },
  },
}
