import { createServer } from 'node-fastcgi'
import { answer } from './node-listener.mjs'

process.umask(0) // nginx, which may have dropped to another account, must reach its socket
createServer(answer).listen(process.argv[2])
