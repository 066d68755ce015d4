#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
import { pipeline } from 'node:stream/promises'
import { createGzip, gunzipSync } from 'node:zlib'
import { Writable, Readable } from 'node:stream'
const parts = []
await pipeline(Readable.from(['a', 'b']), createGzip(), new Writable({ write(c, _, d) { parts.push(c); d() } }))
console.log(gunzipSync(Buffer.concat(parts)).toString())
