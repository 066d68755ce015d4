// Routes: the longest prefix of whole segments.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import {
  findRoute,
  prefixNames,
  sortRoutes,
  withoutPrefix,
  type Destination,
  type Route,
} from '../../src/gateway/destination.ts'
import { isRejected, readSegments, type PathSegment } from '../../src/protocol/http/request-target.ts'
import { runs } from '../protocol/arbitraries.ts'

const destination: Destination = {
  resolve: () => ({ kind: 'add-slash' }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}

const routes = sortRoutes(
  ['/', '/a', '/a/b/', '/c d'].map((path): Route => ({ prefix: prefixNames(path), destination })),
)

function segments(path: string): readonly PathSegment[] {
  const read = readSegments(path)
  assert.ok(!isRejected(read))
  return read
}

function found(path: string): string {
  const result = findRoute(routes, segments(path))
  return result === undefined
    ? 'none'
    : `/${result.route.prefix.join('/')} ${result.rest.map(({ decoded }) => decoded).join('/')}`
}

test('Postern: the longest prefix wins, whole segments only', () => {
  assert.equal(found('/a/b/c'), '/a/b c')
  assert.equal(found('/a/bc'), '/a bc')
  assert.equal(found('/ab'), '/ ab')
  assert.equal(found('/a'), '/a ')
  assert.equal(found('/c%20d/e'), '/c d e')
})

test('Postern: empty segments before a prefix do not hide it, and those after it stay', () => {
  assert.equal(found('//a///b//c'), '/a/b /c')
})

test('Postern: an encoded slash is no border of a prefix', () => {
  assert.equal(found('/a%2Fb/c'), '/ a/b/c')
})

test('Postern: what is left of a path is always its end, unchanged', () => {
  const names = fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 6 })
  fc.assert(
    fc.property(names, fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }), (path, prefix) => {
      const all = path.map((name) => ({ raw: name, decoded: name }))
      const rest = withoutPrefix(prefix, all)
      if (rest === undefined) return
      assert.deepEqual(rest, all.slice(all.length - rest.length))
      assert.deepEqual(
        path.slice(0, path.length - rest.length).filter((name) => name !== ''),
        prefix,
      )
    }),
    runs,
  )
})
