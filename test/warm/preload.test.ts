// Modules of the site's own that a route asks for are loaded before the request, by the launchers of their language, and
// nobody is told of names that are the other language's.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadNative } from '../../src/transport/native.ts'
import { WarmStage } from '../faults/warm-stage.ts'
import { missing } from '../support/real-parts.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const native = loadNative()
const skip = 'reason' in native ? native.reason : missing('/usr/bin/python3', '/usr/bin/perl')

/** Not by getppid: a module that asks for that while it loads is left out. */
const parentOf = `with open('/proc/self/stat') as file:\n    parent = int(file.read().rpartition(')')[2].split()[1])\n`
/** Each says whose child loaded it: the gateway's, if that was a launcher. */
const library = {
  'Shop.pm': 'package Shop;\nuse Shop::Till;\nour $parent = getppid;\n1;\n',
  'Shop/Till.pm': 'package Shop::Till;\nour $parent = getppid;\n1;\n',
  'Shop/Cart.pm': 'package Shop::Cart;\nour $parent = getppid;\n1;\n',
  'Ajar.pm': 'package Ajar;\nopen our $file, "<", "/dev/null";\n1;\n',
  'depot/__init__.py': parentOf,
  'depot/cart.py': parentOf,
  'ajar.py': 'file = open("/dev/null")\n',
  'loud.py': 'print("loud")\n',
  'mute.py': 'import warnings\nwarnings.simplefilter("ignore")\n',
}

const perl = `#!/usr/bin/perl
use Shop; use Shop::Cart;
print "Content-Type: text/plain\\n\\n$Shop::parent $Shop::Till::parent $Shop::Cart::parent";
`
const python = `#!/usr/bin/python3
import sys
before = "depot" in sys.modules
import depot, depot.cart
print("Content-Type: text/plain\\n")
print(depot.parent, depot.cart.parent, before, end="")
`

class Stage extends WarmStage {
  readonly ownModules: ReturnType<typeof temporarySite>

  constructor(preload: readonly string[]) {
    const files = temporarySite(library)
    super({ 'page.pl': perl, 'page.py': python }, { preload, env: { PERL5LIB: files.root, PYTHONPATH: files.root } })
    this.ownModules = files
  }

  /** What the launchers have left out, but for what they have learnt. */
  get left(): readonly string[] {
    return this.events.flatMap((event) =>
      event.type === 'launcher-ready' ? event.left.map(({ module, reason }) => `${module}: ${reason}`) : [],
    )
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]()
    this.ownModules[Symbol.dispose]()
  }
}

test('preload: modules of the site in PERL5LIB and PYTHONPATH are loaded before the request', { skip }, async () => {
  await using stage = new Stage(['Shop', 'Shop::Cart', 'depot', 'depot.cart'])
  await stage.warmUp('page.pl')
  await stage.warmUp('page.py')
  const gateway = process.pid
  assert.equal((await stage.get('page.pl')).body, `${gateway} ${gateway} ${gateway}`)
  assert.ok(stage.isWarm())
  assert.equal((await stage.get('page.py')).body, `${gateway} ${gateway} False`)
  assert.ok(stage.isWarm())
  assert.deepEqual(stage.left, [])
  assert.deepEqual(stage.notices, [])
})

test('preload: without it each request loads the modules of the site itself', { skip }, async () => {
  await using stage = new Stage([])
  const launcher = await stage.warmUp('perl-look')
  assert.match((await stage.get('page.pl')).body, new RegExp(`^${launcher} ${launcher} ${launcher}$`))
})

test('preload: what none finds, and what could not be shared, is left out and told', { skip }, async () => {
  await using stage = new Stage(['Nowhere', 'Ajar', 'ajar', 'loud', 'mute', 'depot.nowhere', 'Shop::Nowhere'])
  await stage.warmUp('perl-look')
  await stage.warmUp('python-look')
  assert.deepEqual(stage.left.toSorted(), [
    'Ajar: changes descriptors',
    'Nowhere: not found',
    'Shop::Nowhere: not found',
    'ajar: changes the open descriptors',
    'depot.nowhere: not found',
    'loud: changes the output',
    'mute: changes the filters of warnings',
  ])
})

test('preload, perl: what a route gives to all its requests is no concern of one request', { skip }, async () => {
  await using stage = new WarmStage(
    { 'page.pl': '#!/usr/bin/perl\nuse Text::Tabs;\nprint "Content-Type: text/plain\\n\\n";\n' },
    { env: { SERVER_ADMIN: 'admin@example.org' } },
  )
  await stage.warmUp('page.pl')
  await stage.get('page.pl')
  const loads = (): readonly string[] =>
    stage.events.flatMap((event) => (event.type === 'launcher-ready' ? event.steps.map(({ name }) => name) : []))
  assert.ok(await eventually(() => loads().includes('load Text::Tabs'), 5000), JSON.stringify(stage.events))
})

test('preload, perl: a script that finds another module of the name is started afresh', { skip }, async () => {
  await using stage = new Stage(['Shop'])
  const page = '#!/usr/bin/perl\nuse lib "own";\nuse Shop;\nprint "Content-Type: text/plain\\n\\n$Shop::parent";\n'
  stage.site.add('page.pl', page)
  await stage.warmUp('page.pl')
  assert.equal((await stage.get('page.pl')).body, String(process.pid))
  assert.ok(stage.isWarm())
  stage.site.add('own/Shop.pm', 'package Shop;\nour $parent = "own";\n1;\n')
  assert.equal((await stage.get('page.pl')).body, 'own')
  assert.match(stage.notices.join('\n'), /^\S+ is started afresh .*: it has a module of its own, own\/Shop\.pm$/)
})

test('preload, perl: when a module is edited, another launcher takes over', { skip }, async () => {
  await using stage = new Stage(['Shop'])
  const launcher = await stage.warmUp('perl-look')
  await sleep(1100)
  stage.ownModules.add('Shop.pm', 'package Shop;\nour $parent = "edited";\n1;\n')
  await stage.get('perl-look')
  assert.ok(await eventually(() => stage.count('launcher-ready') > 1, 5000))
  assert.notEqual(await stage.warmUp('perl-look'), launcher)
  await stage.warmUp('page.pl')
  assert.match((await stage.get('page.pl')).body, /^edited /)
})
