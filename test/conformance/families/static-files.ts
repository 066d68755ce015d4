// Files: media types, ranges, conditions, compressed copies, indexes, listings.

import assert from 'node:assert/strict'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { ConformanceCase, Expected, Family } from '../case.ts'

const page = '<!doctype html><title>page</title>\n'
const modified = 'Wed, 01 Jan 2025 00:00:00 GMT'
const later = 'Thu, 02 Jan 2025 00:00:00 GMT'
const earlier = 'Tue, 31 Dec 2024 00:00:00 GMT'
const large = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31 + (at >> 8)) & 255))

type Fields = readonly (readonly [string, string])[]

function get(title: string, target: string, expected: Expected, fields: Fields = []): ConformanceCase {
  return { title, request: { target, fields }, expected }
}

function typed(target: string, type: string): ConformanceCase {
  return get(`RFC 9110 8.3: ${target} is ${type}`, target, { status: 200, fields: { 'content-type': type } })
}

function ranged(rule: string, range: string, expected: Expected): ConformanceCase {
  return get(`RFC 9110 14: ${rule}`, '/ten.txt', expected, [['Range', range]])
}

function etagOf(fields: Fields): string {
  return fields.find(([name]) => name === 'etag')?.[1] ?? '(no etag)'
}

export const staticFiles: Family = {
  name: 'files',
  files: {
    'index.html': '<p>home\n',
    'page.html': page,
    'latin1.html': Buffer.from('<p>caf\xe9\n', 'latin1'),
    'utf8.txt': 'café\n',
    'ten.txt': '0123456789',
    'empty.txt': '',
    'large.bin': large,
    'unknown.qqq': 'x',
    'no-extension': 'x',
    'style.css': 'p {}',
    'app.js': 'let a',
    'data.json': '{}',
    'picture.png': 'x',
    'picture.svg': '<svg/>',
    'feed.xml': '<a/>',
    'a b+c%.txt': 'odd name\n',
    'ünïcode.txt': 'unicode name\n',
    'zipped/all.css': 'plain',
    'zipped/all.css.gz': gzipSync('plain'),
    'zipped/all.css.br': brotliCompressSync('plain'),
    'zipped/all.css.zst': 'zstandard',
    'zipped/old.css': 'plain',
    'zipped/old.css.gz': gzipSync('plain'),
    'zipped/one.txt': 'plain',
    'zipped/one.txt.gz': gzipSync('plain'),
    'folder/index.htm': '<p>folder\n',
    'plain-folder/file.txt': 'x',
    '.well-known/security.txt': 'Contact: a\n',
  },
  prepare: ({ root }) => {
    for (const name of ['ten.txt', 'page.html', 'large.bin', 'zipped/old.css'])
      utimesSync(join(root, name), new Date(modified), new Date(modified))
  },
  cases: [
    get('RFC 9110 9.3.1: a file is sent with its length and type', '/page.html', {
      status: 200,
      body: page,
      fields: { 'content-length': String(page.length), 'content-type': 'text/html; charset=utf-8' },
    }),
    get('RFC 9110 9.3.1: a file larger than any buffer is sent whole', '/large.bin', {
      status: 200,
      body: large.toString('latin1'),
    }),
    get('RFC 9110 9.3.1: an empty file is an empty answer', '/empty.txt', {
      status: 200,
      body: '',
      fields: { 'content-length': '0' },
    }),
    get('Postern: a query does not matter to a file', '/page.html?v=1', { status: 200, body: page }),
    get('Postern: a name with spaces and odd characters', '/a%20b+c%25.txt', { status: 200, body: 'odd name\n' }),
    get('Postern: a name in UTF-8', '/%C3%BCn%C3%AFcode.txt', { status: 200, body: 'unicode name\n' }),
    get('RFC 8615 3: .well-known is served', '/.well-known/security.txt', { status: 200, body: 'Contact: a\n' }),
    typed('/style.css', 'text/css; charset=utf-8'),
    typed('/app.js', 'text/javascript; charset=utf-8'),
    typed('/data.json', 'application/json; charset=utf-8'),
    typed('/picture.png', 'image/png'),
    typed('/picture.svg', 'image/svg+xml; charset=utf-8'),
    typed('/utf8.txt', 'text/plain; charset=utf-8'),
    typed('/unknown.qqq', 'application/octet-stream'),
    typed('/no-extension', 'application/octet-stream'),
    get('RFC 9110 8.3.2: no charset is claimed for a page that is not UTF-8', '/latin1.html', {
      status: 200,
      fields: { 'content-type': 'text/html' },
      body: '<p>caf\xe9\n',
    }),
    get('RFC 9110 8.8: a file has an ETag and Last-Modified', '/page.html', {
      status: 200,
      fields: { etag: /^(W\/)?"[^"]+"$/, 'last-modified': modified },
    }),
    {
      title: 'RFC 9110 13.1.2: If-None-Match with the ETag of the file is 304, without a body',
      story: async ({ send }) => {
        const first = await send({ target: '/page.html' })
        const second = await send({
          target: '/page.html',
          fields: [['If-None-Match', `"other", ${etagOf(first.fields)}`]],
        })
        assert.deepEqual([second.status, second.body, etagOf(second.fields)], [304, '', etagOf(first.fields)])
      },
    },
    get('RFC 9110 13.1.2: If-None-Match: * is 304', '/page.html', { status: 304, body: '' }, [['If-None-Match', '*']]),
    get('RFC 9110 13.1.2: another ETag gets the file', '/page.html', { status: 200, body: page }, [
      ['If-None-Match', '"other"'],
    ]),
    get(
      'RFC 9110 13.1.3: If-Modified-Since with the time of the file is 304',
      '/page.html',
      { status: 304, body: '' },
      [['If-Modified-Since', modified]],
    ),
    get(
      'RFC 9110 13.1.3: If-Modified-Since with an earlier time gets the file',
      '/page.html',
      { status: 200, body: page },
      [['If-Modified-Since', earlier]],
    ),
    get('RFC 9110 13.2.2: If-None-Match is asked before If-Modified-Since', '/page.html', { status: 200, body: page }, [
      ['If-None-Match', '"other"'],
      ['If-Modified-Since', later],
    ]),
    get('RFC 9110 13.1.1: If-Match with another ETag is 412', '/page.html', { status: 412 }, [['If-Match', '"other"']]),
    get('RFC 9110 13.1.4: If-Unmodified-Since with an earlier time is 412', '/page.html', { status: 412 }, [
      ['If-Unmodified-Since', earlier],
    ]),
    get('RFC 9110 14.3: a file says that ranges of it can be had', '/ten.txt', {
      status: 200,
      fields: { 'accept-ranges': 'bytes' },
    }),
    ranged('a range in the middle', 'bytes=2-4', {
      status: 206,
      body: '234',
      fields: { 'content-range': 'bytes 2-4/10', 'content-length': '3' },
    }),
    ranged('a range to the end', 'bytes=7-', { status: 206, body: '789', fields: { 'content-range': 'bytes 7-9/10' } }),
    ranged('the last bytes', 'bytes=-2', { status: 206, body: '89', fields: { 'content-range': 'bytes 8-9/10' } }),
    ranged('a range that goes past the end ends there', 'bytes=8-99', { status: 206, body: '89' }),
    ranged('a range beyond the end is 416, with the length', 'bytes=10-', {
      status: 416,
      fields: { 'content-range': 'bytes */10' },
    }),
    ranged('another unit than bytes is ignored', 'lines=1-2', { status: 200, body: '0123456789' }),
    ranged('a range that is none is 416', 'bytes=x', { status: 416 }),
    get(
      'RFC 9110 13.1.5: If-Range with an old time gets the whole file',
      '/ten.txt',
      { status: 200, body: '0123456789' },
      [
        ['Range', 'bytes=2-4'],
        ['If-Range', earlier],
      ],
    ),
    get(
      'RFC 9110 13.1.5: If-Range with the time of the file gets the range',
      '/ten.txt',
      { status: 206, body: '234' },
      [
        ['Range', 'bytes=2-4'],
        ['If-Range', modified],
      ],
    ),
    get(
      'RFC 9110 14.2: a range of a large file',
      '/large.bin',
      {
        status: 206,
        body: large.subarray(100_000, 250_000).toString('latin1'),
      },
      [['Range', 'bytes=100000-249999']],
    ),
    get(
      'RFC 9110 12.5.3: br is chosen before zstd and gzip',
      '/zipped/all.css',
      {
        status: 200,
        body: brotliCompressSync('plain').toString('latin1'),
        fields: { 'content-encoding': 'br', 'content-type': 'text/css; charset=utf-8', vary: 'Accept-Encoding' },
      },
      [['Accept-Encoding', 'gzip, zstd, br']],
    ),
    get(
      'RFC 9110 12.5.3: zstd is chosen before gzip',
      '/zipped/all.css',
      {
        status: 200,
        body: 'zstandard',
        fields: { 'content-encoding': 'zstd' },
      },
      [['Accept-Encoding', 'gzip, zstd']],
    ),
    get(
      'RFC 9110 12.5.3: gzip is sent to who takes only that',
      '/zipped/all.css',
      {
        status: 200,
        body: gzipSync('plain').toString('latin1'),
        fields: { 'content-encoding': 'gzip' },
      },
      [['Accept-Encoding', 'gzip']],
    ),
    get(
      'RFC 9110 12.5.3: a coding of weight 0 is not sent',
      '/zipped/one.txt',
      {
        status: 200,
        body: 'plain',
        fields: { 'content-encoding': null, vary: 'Accept-Encoding' },
      },
      [['Accept-Encoding', 'gzip;q=0']],
    ),
    get(
      'RFC 9110 12.5.5: the plain file says that its copies depend on Accept-Encoding',
      '/zipped/all.css',
      {
        status: 200,
        body: 'plain',
        fields: { 'content-encoding': null, vary: 'Accept-Encoding' },
      },
      [['Accept-Encoding', 'identity']],
    ),
    get('Postern: who does not speak of codings gets the plain file', '/zipped/old.css', {
      status: 200,
      body: 'plain',
      fields: { 'content-encoding': null },
    }),
    get(
      'RFC 9110 12.5.5: what was kept for one client does not lose Vary for the next',
      '/zipped/old.css',
      {
        status: 200,
        body: 'plain',
        fields: { 'content-encoding': null, vary: 'Accept-Encoding' },
      },
      [['Accept-Encoding', 'identity']],
    ),
    get('RFC 9110 12.5.5: a file without copies does not vary', '/ten.txt', { status: 200, fields: { vary: null } }, [
      ['Accept-Encoding', 'gzip'],
    ]),
    get('Postern: the index of a folder is sent for the folder', '/', { status: 200, body: '<p>home\n' }),
    get('Postern: index.htm is an index too', '/folder/', { status: 200, body: '<p>folder\n' }),
    get('Postern: a folder is asked for with a slash, so that its links work', '/folder?a', {
      status: 301,
      fields: { location: '/folder/?a' },
    }),
    get('Postern: a folder without an index is not listed', '/plain-folder/', { status: 403 }),
    get('Postern: a file has nothing below it', '/page.html/', { status: 404 }),
    get('Postern: a file has no PATH_INFO', '/page.html/x', { status: 404 }),
    {
      title: 'Postern: a file that has changed is sent as it is now',
      story: async ({ send, site }) => {
        site.add('changing.txt', 'one')
        utimesSync(join(site.root, 'changing.txt'), new Date(modified), new Date(modified))
        assert.equal((await send({ target: '/changing.txt' })).body, 'one')
        assert.equal((await send({ target: '/changing.txt' })).body, 'one')
        site.add('changing.txt', 'two')
        assert.equal((await send({ target: '/changing.txt' })).body, 'two')
      },
    },
  ],
}

export const listings: Family = {
  name: 'listings',
  files: {
    'listed/b.txt': '12345',
    'listed/a <b>&.txt': 'x',
    'listed/sub/x': 'x',
    'listed/.hidden': 'x',
    'cgi-bin/script': '#!/bin/sh\n',
    'indexed/start.html': 'start',
  },
  options: { listing: true, index: ['start.html'] },
  cases: [
    get('Postern: a folder is listed where it is asked for, with links that are escaped', '/listed/', {
      status: 200,
      fields: { 'content-type': 'text/html; charset=utf-8' },
      body: /href="\.\/b\.txt"[^]*href="\.\/sub\/"/,
      check: ({ body }) => {
        assert.match(body, /href="\.\/a%20%3Cb%3E&\.txt">a &#60;b&#62;&#38;\.txt</)
        assert.doesNotMatch(body, /hidden/)
      },
    }),
    get('Postern: a folder of programs is never listed', '/cgi-bin/', { status: 403 }),
    get('Postern: the names of an index are the settings’', '/indexed/', { status: 200, body: 'start' }),
  ],
}
