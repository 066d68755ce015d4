// Content-Length, and answers without a body.

import type { Cases } from '../case.ts'

const section = 'PEP 3333 Handling the Content-Length Header'
/** One number, or another answer altogether. */
const sound = /^\d+$|^\(none\)$/

export const lengths: Cases = {
  'lengths/right': {
    title: `${section}: one that is right goes to the client`,
    expected: { status: '200', 'field content-length': '5', body: 'hello', ending: 'whole' },
  },
  'lengths/short': {
    title: `${section}: no more is sent than it says`,
    expected: { status: '200', 'field content-length': '3', body: 'hel', ending: 'whole' },
  },
  'lengths/short-later': {
    title: `${section}: no more is sent than it says, chunk by chunk`,
    expected: { status: '200', 'field content-length': '3', body: 'hel', ending: 'whole' },
  },
  'lengths/long': {
    title: `${section}: where the body is shorter the connection is closed`,
    expected: { status: '200', 'field content-length': '9', body: 'hello', ending: 'broken off' },
  },
  'lengths/long-empty': {
    title: `${section}: where there is no body at all the answer is broken off, or an error`,
    expected: { status: /^(200|5\d\d|nothing)$/, ending: /^(broken off|\(none\))$/ },
  },
  'lengths/zero': {
    title: `${section}: zero`,
    expected: { status: '200', 'field content-length': '0', body: '', ending: 'whole' },
  },
  'lengths/zero-with-body': {
    title: `${section}: nothing is sent after a zero`,
    expected: { status: '200', 'field content-length': '0', body: '', ending: 'whole' },
  },
  'lengths/word': {
    title: 'RFC 9110 8.6: a Content-Length that is no number does not go to the client',
    expected: { 'field content-length': sound },
  },
  'lengths/negative': {
    title: 'RFC 9110 8.6: a Content-Length below zero does not go to the client',
    expected: { 'field content-length': sound },
  },
  'lengths/plus': {
    title: 'RFC 9110 8.6: a Content-Length with a sign does not go to the client',
    expected: { 'field content-length': sound },
  },
  'lengths/twice': {
    title: 'RFC 9112 6.3: two Content-Lengths that differ do not go to the client',
    expected: { 'field content-length': sound },
  },
  'lengths/unknown': {
    title: 'RFC 9112 7.1: a body of unknown length is framed so that its end can be seen',
    expected: { status: '200', framing: /^(chunked|length)$/, body: 'hello', ending: 'whole' },
  },
  'lengths: unknown for HTTP/1.0': {
    title: 'RFC 9112 6.1: a client of HTTP/1.0 gets no chunked body',
    request: { target: '/lengths/unknown', version: 'HTTP/1.0' },
    expected: { status: '200', 'field transfer-encoding': null, body: 'hello' },
  },
  'lengths/head-with-length': {
    title: 'RFC 9110 9.3.2: HEAD gets the Content-Length of the application and no body',
    request: { method: 'HEAD' },
    expected: { status: '200', 'field content-length': '5', body: '' },
  },
  'lengths/head-unknown': {
    title: 'RFC 9110 8.6: HEAD gets no Content-Length that GET would not get',
    request: { method: 'HEAD' },
    expected: { status: '200', 'field content-length': null, body: '' },
  },
  'lengths/head-empty': {
    title: 'RFC 9110 9.3.2: HEAD keeps the Content-Length of an application that yields nothing',
    request: { method: 'HEAD' },
    expected: { status: '200', 'field content-length': '5', body: '' },
  },
  'lengths/no-content': {
    title: 'RFC 9110 8.6: 204 has no Content-Length, and no body',
    expected: {
      status: '204',
      'field x-one': '1',
      'field content-length': null,
      'field transfer-encoding': null,
      body: '',
    },
  },
  'lengths/no-content-body': {
    title: 'RFC 9110 15.3.5: the body of a 204 is not sent',
    expected: { status: '204', body: '' },
  },
  'lengths/not-modified': {
    title: 'RFC 9110 8.6: 304 gets no Content-Length of 0, which 200 would not have',
    expected: { status: '304', 'field etag': '"1"', 'field content-length': null, body: '' },
  },
  'lengths/not-modified-length': {
    title: 'RFC 9110 15.4.5: 304 with the Content-Length of the 200 has no body',
    expected: { status: '304', 'field content-length': /^5$|^\(none\)$/, body: '' },
  },
  'lengths/not-modified-body': {
    title: 'RFC 9110 15.4.5: the body of a 304 is not sent',
    expected: { status: '304', body: '' },
  },
}
