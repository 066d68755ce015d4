// The iterable that an application returns: its kinds, and its close().

import type { Cases, Expected, WsgiCase } from '../case.ts'

const details = 'PEP 3333 Specification Details'

function yields(title: string, body: string, expected: Expected = {}): WsgiCase {
  return { title, expected: { status: '200', body, ending: 'whole', ...expected } }
}

/** The server may know the length, but must not be wrong about it. */
const lengthOf = (length: number): Expected => ({ 'field content-length': new RegExp(`^(${length}|\\(none\\))$`) })

const numbers = Array.from({ length: 1000 }, (_, number) => `${number}\n`).join('')
const everyByte = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')

export const iterables: Cases = {
  'iterables/list': yields(`${details}: a list, without a guess of its length`, 'one two', lengthOf(7)),
  'iterables/tuple': yields(`${details}: a tuple`, 'one two', lengthOf(7)),
  'iterables/generator': yields(`${details}: a generator, without a guess of its length`, 'one two', lengthOf(7)),
  'iterables/iterator': yields(`${details}: an object with __iter__ and __next__`, 'one two'),
  'iterables/sequence': yields(`${details}: an object with nothing but __getitem__ can be iterated`, 'one two'),
  'iterables/set': yields(`${details}: an object with a length and no index`, 'one two'),
  'iterables/map': yields(`${details}: a map object`, 'one two'),
  'iterables/file-like': yields(`${details}: an open file, line by line`, 'one\ntwo\n'),
  'iterables/empty': yields(`${details}: an empty list is an answer without a body`, ''),
  'iterables/empty-chunk': yields(`${details}: one empty chunk is an answer without a body`, ''),
  'iterables/empty-generator': yields(`${details}: a generator that yields nothing is an answer without a body`, ''),
  'iterables/empty-first': yields(
    'PEP 3333 Middleware Handling of Block Boundaries: empty chunks before, between and after do no harm',
    'one two',
  ),
  'iterables/single': yields(
    'PEP 3333 Handling the Content-Length Header: where len() is 1, the length of the one chunk is Content-Length',
    'hello',
    { 'field content-length': '5' },
  ),
  'iterables/single-later': yields(
    'PEP 3333 Handling the Content-Length Header: a len() of 1 that is not true does not cut the answer short',
    'hello',
  ),
  'iterables/single-with-length': yields(
    'PEP 3333 Handling the Content-Length Header: one that the application gives is the only one',
    'hello',
    { 'field content-length': '5' },
  ),
  'iterables/large': yields(`${details}: four megabytes in one chunk`, 'x'.repeat(4194304)),
  'iterables/small-chunks': yields(`${details}: a thousand small chunks`, numbers),
  'iterables/binary': yields(
    `${details}: every byte, and what looks like the end of a chunked body`,
    `${everyByte}\r\n0\r\n\r\n`,
  ),
  'iterables/text': {
    title: 'PEP 3333 A Note On String Types: a str in the body is an error: 500',
    expected: { status: '500' },
  },
  'iterables/text-later': {
    title: 'PEP 3333 A Note On String Types: a str after the first chunk breaks the answer off',
    expected: { ending: 'broken off' },
  },
  'iterables/bytes': {
    title: `${details}: bytes are no iterable of bytes: 500`,
    expected: { status: '500' },
  },
  'iterables/none': {
    title: `${details}: None is no iterable: 500`,
    expected: { status: '500' },
  },
  'iterables/number': {
    title: `${details}: a number in the body is an error: 500`,
    expected: { status: '500' },
  },
  'iterables/close': yields(`${details}: close() of the iterable is called once, at its end`, 'one two', {
    notes: 'closed',
  }),
  'iterables/order': yields(
    'PEP 3333 Middleware Handling of Block Boundaries: each chunk is asked for in turn, and close() comes last',
    'firstsecond',
    { notes: 'first, second, end, closed' },
  ),
  'iterables/close-of-iterable': yields(
    `${details}: close() is called of the object that was returned, not of its iterator`,
    'one two',
    { notes: 'closed' },
  ),
  'iterables/close-head': {
    title: `${details}: close() is called for HEAD`,
    request: { method: 'HEAD' },
    expected: { status: '200', body: '', notes: 'closed' },
  },
  'iterables/close-204': {
    title: `${details}: close() is called where the status allows no body`,
    expected: { status: '204', body: '', notes: 'closed' },
  },
  'iterables/close-raising': {
    title: `${details}: close() is called where the iteration raises`,
    expected: { ending: 'broken off', notes: 'closed' },
  },
  'iterables/close-raising-first': {
    title: `${details}: close() is called where the first step raises`,
    expected: { status: '500', notes: 'closed' },
  },
  'iterables/close-text': {
    title: `${details}: close() is called where the server refuses a chunk`,
    expected: { ending: 'broken off', notes: 'closed' },
  },
  'iterables/close-broken': {
    title: `${details}: an exception in close() does not harm an answer that is whole`,
    expected: { status: '200', body: 'one two', notes: 'closed' },
  },
  'iterables/close-broken-iter': {
    title: `${details}: close() is called where __iter__ raises`,
    expected: { status: '500', notes: 'closed' },
  },
  'iterables/close-short': yields(`${details}: close() is called where Content-Length ends the answer early`, 'one', {
    notes: 'closed',
  }),
  'iterables/stops': yields(
    'PEP 3333 Handling the Content-Length Header: the iteration is stopped when enough has been sent',
    'one',
    { notes: /^chunk, (chunk, )?closed$/ },
  ),
  'iterables/close-long': {
    title: `${details}: close() is called where Content-Length asks for more`,
    expected: { ending: 'broken off', notes: 'closed' },
  },
  'iterables/close-never-started': {
    title: `${details}: close() is called where start_response() never was`,
    expected: { status: '500', notes: 'closed' },
  },
}
