// start_response(): its order, and what a head becomes.

import type { Cases } from '../case.ts'

const section = 'PEP 3333 The start_response() Callable'
const errors = 'PEP 3333 Error Handling'

export const heads: Cases = {
  'heads/as-given': {
    title: `${section}: status, reason and fields are sent as they were given, repeated ones in order`,
    expected: {
      status: '299',
      reason: 'Own Words',
      'field x-one': '1 | 3',
      'field x-two': 'b',
      'field x-empty': '',
      body: 'hello',
    },
  },
  'heads/cookies': {
    title: 'RFC 9110 5.3: Set-Cookie fields are lines of their own',
    expected: { status: '200', 'field set-cookie': 'a=1 | b=2; Path=/ | c=3' },
  },
  'heads/latin': {
    title: 'PEP 3333 Unicode Issues: the characters of a field are sent as the bytes of latin-1',
    expected: { status: '200', 'field x-latin': 'caf\xe9', 'field x-utf': '\xe2\x82\xac' },
  },
  'heads/long': {
    title: `${section}: a field of 12,000 bytes is sent whole`,
    expected: { status: '200', 'field x-long': 'x'.repeat(12000), body: 'hello' },
  },
  'heads/many': {
    title: `${section}: eighty fields are sent`,
    expected: { status: '200', 'field x-0': '0', 'field x-79': '79', body: 'hello' },
  },
  'heads/untyped': {
    title: `${section}: an answer without Content-Type is sent`,
    expected: { status: '200', 'field x-one': '1', body: 'hello' },
  },
  'heads/dated': {
    title: 'RFC 9110 6.6.1: a Date that the application gives is the only one',
    expected: { status: '200', 'field date': 'Sun, 06 Nov 1994 08:49:37 GMT', body: 'hello' },
  },
  'heads/redirect': {
    title: 'RFC 9110 10.2.2: Location without a scheme goes to the client as it is, with the status and the body',
    expected: { status: '302', 'field location': '/elsewhere?a=b', body: 'over there' },
  },
  'heads/not-found': {
    title: `${section}: the body of an error is the application’s own`,
    expected: { status: '404', reason: 'Not Found', body: 'my own page' },
  },
  'heads: added': {
    title: `${section}: the server adds Date where the application gives none`,
    request: { target: '/heads/as-given' },
    expected: { 'field date': 'now' },
  },
  'heads/write-is-returned': {
    title: `${section}: it returns a callable, write`,
    expected: { status: '200', body: 'True' },
  },
  'heads/keywords': {
    title: `${section}: it takes two arguments by position`,
    expected: { status: '200', body: 'hello' },
  },
  'heads/exc-info-none': {
    title: `${section}: exc_info may be None`,
    expected: { status: '200', body: 'hello' },
  },
  'heads/twice': {
    title: `${section}: a second call without exc_info is an error`,
    expected: { status: '200', body: 'raised' },
  },
  'heads/never': {
    title: `${section}: an application that never calls it gets no answer through: 500`,
    expected: { status: '500' },
  },
  'heads/never-and-nothing': {
    title: `${section}: an application that never calls it and returns nothing: 500`,
    expected: { status: '500' },
  },
  'heads/late': {
    title: `${section}: it may be called by the first step of the iteration`,
    expected: { status: '202', reason: 'Late', body: 'hello' },
  },
  'heads/too-late-for-body': {
    title: `${section}: it must be called before the first chunk of the body: 500`,
    expected: { status: '500' },
  },
  'heads/held-back': {
    title: `${section}: the head is not sent before the first chunk that is not empty`,
    expected: { status: '500' },
  },
  'heads/appended': {
    title: 'Postern: what is put into the list of fields after the call is not sent unchecked',
    expected: { status: '200', 'field x-one': '1', 'field x-injected': null, body: 'hello' },
  },
  'heads/first-with-exc-info': {
    title: `${errors}: a first call may have exc_info`,
    expected: { status: '503', reason: 'Only', body: 'only' },
  },
  'heads/replaced': {
    title: `${errors}: with exc_info a head that has not been sent is replaced`,
    expected: { status: '503', reason: 'Replaced', 'field x-first': null, 'field x-second': '2', body: 'second' },
  },
  'heads/replaced-late': {
    title: `${errors}: with exc_info a head is replaced after empty chunks too, as nothing has been sent`,
    expected: { status: '503', reason: 'Replaced', 'field x-first': null, 'field x-second': '2', body: 'second' },
  },
  'heads/too-late': {
    title: `${errors}: with exc_info a head that has been sent is an error: the exception is raised again`,
    expected: { notes: "ValueError('meant')", ending: 'broken off' },
  },
  'heads/too-late-after-write': {
    title: `${errors}: with exc_info after write() the exception is raised again`,
    expected: { notes: "ValueError('meant')" },
  },
}
