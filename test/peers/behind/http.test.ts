// Postern in front of nginx by HTTP: a file, a part of it, what has not changed, an upload that nginx refuses.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { unprivilegedAccount } from '../../../bench/unprivileged-account.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { byteStringOf } from '../../../src/bytes/byte-string.ts'
import { proxy } from '../../../src/index.ts'
import { startGateway } from '../../programs/gateway-server.ts'
import { findProgram, missing } from '../../support/real-parts.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { ask } from '../pairs/client.ts'

test(
  'in front of nginx by HTTP: a large file, a part of it, 304, HEAD, a refused upload',
  {
    skip: missing('nginx'),
  },
  async () => {
    const bytes = randomBytes(8 * 1024 * 1024)
    using site = temporarySite({ 'served/large': bytes })
    mkdirSync(join(site.root, 'temp'))
    const file = site.add('nginx.conf', settings(site.root))
    await using nginx = new ServerProcess({
      command: findProgram('nginx') ?? 'nginx',
      args: ['-p', site.root, '-e', join(site.root, 'error.log'), '-c', file],
      logFile: join(site.root, 'output.log'),
    })
    const socket = join(site.root, 'nginx.sock')
    await nginx.untilListening({ path: socket })
    await using server = await startGateway([{ path: '/', to: proxy(`unix:${socket}`) }])
    const url = `${server.url}large`

    const whole = await ask(url)
    assert.equal(whole.status, 200, server.troubles.join('\n'))
    assert.ok(whole.isWhole && whole.body === byteStringOf(bytes))
    const part = await ask(url, { fields: { Range: 'bytes=1000-1999' } })
    assert.deepEqual([part.status, part.body], [206, byteStringOf(bytes.subarray(1000, 2000))])
    const unchanged = await ask(url, { fields: { 'If-None-Match': whole.fields['etag']?.[0] ?? '' } })
    assert.deepEqual([unchanged.status, unchanged.body], [304, ''])
    const head = await ask(url, { method: 'HEAD' })
    assert.deepEqual([head.status, head.fields['content-length'], head.body], [200, [String(bytes.length)], ''])
    const refused = await ask(`${server.url}small`, { method: 'POST', body: randomBytes(2_000_000) })
    assert.equal(refused.status, 413)
  },
)

function settings(folder: string): string {
  const account = unprivilegedAccount()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
worker_processes 1;
${account ? `user ${account.user} ${account.group};` : ''}
pid ${folder}/nginx.pid;
events { worker_connections 64; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/temp/${name};`).join('\n  ')}
  server {
    listen unix:${folder}/nginx.sock;
    root ${folder}/served;
  }
}
`
}
