// Postern in front of nginx by HTTP: a file, a part of it, what has not changed, an upload that nginx refuses.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { ServerProcess } from '../../../bench/server-process.ts'
import { byteStringOf } from '../../../src/bytes/byte-string.ts'
import { proxy } from '../../../src/index.ts'
import { startGateway } from '../../programs/gateway-server.ts'
import { nginxCommand } from '../../support/nginx.ts'
import { missing } from '../../support/real-parts.ts'
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
    const socket = join(site.root, 'nginx.sock')
    const served = `server { listen unix:${socket}; root ${site.root}/served; }`
    await using nginx = new ServerProcess(nginxCommand(site.root, [served]))
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
