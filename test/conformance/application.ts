// The cell of an application: `postern/app` stands in front, and its handler asks the second gateway by `fetch`.

import { serve, type Served } from '../../src/app.ts'
import { Application } from '../../src/app/application.ts'
import { calleeOf, readSettings } from '../../src/app/application-options.ts'
import { Background } from '../../src/app/background.ts'
import { readHandler, type FetchFunction } from '../../src/app/handler.ts'
import { deadlinesOf, pickLimits, readLimits } from '../../src/config/limits.ts'
import { answerCgi } from '../../src/frontends/cgi.ts'
import type { Observer, PosternGateway, PosternListener } from '../../src/index.ts'
import type { FamilyOptions } from './case.ts'
import type { CellGateway } from './gateways.ts'

/** Of a gateway's options those that an application has too. */
const named = ['serverName', 'allowedHosts', 'trustedProxies', 'maxBody', 'maxTarget']

export function applicationOf(second: PosternGateway, options: FamilyOptions, observe: Observer): CellGateway {
  const handler: FetchFunction = (request, { peer, user, mount, variables }) => {
    const local = { address: variables.get('SERVER_ADDR') ?? '', port: Number(variables.get('SERVER_PORT')) }
    return second.fetch(request, { peer, local, mount, ...(user === undefined ? {} : { user }) })
  }
  const own = { ...Object.fromEntries(Object.entries(options).filter(([name]) => named.includes(name))), observe }
  const listen: PosternGateway['listen'] = async (address, listenOptions = {}) => {
    const served = await serve(handler, { ...own, ...listenOptions, listen: address, signals: false })
    return listenerOf(served)
  }
  const cgi: PosternGateway['cgi'] = async (_, io) => {
    if (io === undefined) throw new TypeError('the client of cgi brings its own streams')
    const limits = readLimits(pickLimits(options, 'gateway'))
    const application = new Application(await calleeOf(readHandler(handler)), {
      gateway: 'cgi',
      origin: readSettings(own).origin,
      deadlines: deadlinesOf(limits),
      maxBodyBytes: limits.maxBody,
      maxTargetBytes: limits.maxTarget,
      frontMounts: true,
      background: new Background(),
      log: () => {},
    })
    const { bodyTimeout: bodyTimeoutMs, minBodyRate } = limits
    const { isWhole } = await answerCgi(application, { ...io, passVariables: new Set(), bodyTimeoutMs, minBodyRate })
    return isWhole
  }
  const gateway: PosternGateway = {
    listen,
    cgi,
    fetch: nobody,
    node: nobody,
    restart: nobody,
    untilIdle: nobody,
    [Symbol.asyncDispose]: async () => {},
  }
  return { gateway, [Symbol.asyncDispose]: () => second[Symbol.asyncDispose]() }
}

function nobody(): never {
  throw new TypeError('an application is not embedded')
}

/** A test's client does not wait for what is still under way. */
function listenerOf(served: Served): PosternListener {
  const { addresses } = served
  const close = (): Promise<void> => served.close()
  return { addresses, close, destroy: close, [Symbol.asyncDispose]: close }
}
