import { createServer } from 'node:http'
import { answer } from './node-listener.mjs'

process.umask(0) // nginx, which may have dropped to another account, must reach its socket
const server = createServer({ keepAliveTimeout: 60_000 }, answer)
const [, , where] = process.argv
if (where.startsWith('/')) server.listen(where)
else server.listen(Number(where), '127.0.0.1')
