// Messages as Node 20, PHP 8, Ruby 3 and others write them.

import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { test } from 'node:test'
import type { Diagnosis } from '../../../src/events/events.ts'
import { launchersFolder } from '../../../src/transport/launcher-files.ts'
import { afterStderr, assertFinding, type Expected } from './support.ts'

test('node-module-missing: of both module formats', () => {
  const expected = { rule: 'node-module-missing', cause: /module "left-pad"/, mend: /npm install left-pad/ }
  const node = '#!/usr/bin/env node\n'
  assertFinding(
    afterStderr(
      "node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module 'left-pad'\nRequire stack:\n- /srv/a.js\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n",
      node,
    ),
    expected,
  )
  assertFinding(
    afterStderr("Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'left-pad' imported from /srv/a.mjs\n", node),
    expected,
  )
  const local = { ...expected, cause: /"\.\/lib"/, mend: /ls -la \.\/lib/ }
  assertFinding(afterStderr("Error: Cannot find module './lib'\n", node), local)
})

test('node-exception: the first frame that is not Node’s own', () => {
  const message =
    '/srv/s.js:2\nfoo()\n^\n\nReferenceError: foo is not defined\n    at Object.<anonymous> (/srv/s.js:2:1)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n\nNode.js v20.20.2\n'
  const expected = {
    rule: 'node-exception',
    cause: /Line 2 of \/srv\/s\.js threw ReferenceError: foo is not defined/,
    mend: /\+2 \/srv\/s\.js/,
  }
  assertFinding(afterStderr(message, '#!/usr/bin/env node\n'), expected)
})

/** What Node says of an exception with this stack. */
function stack(frames: string): Diagnosis | undefined {
  return afterStderr(`TypeError: no\n  it is not\n${frames}\nNode.js v20.20.2\n`, '#!/usr/bin/env node\n')
}

function at(place: string): Expected {
  const [file = '', line = ''] = place.split(':')
  return {
    rule: 'node-exception',
    cause: new RegExp(`^Line ${line} of ${file} threw`),
    mend: new RegExp(`\\+${line} `),
  }
}

test('node-exception: packages and Postern’s own files are passed over, for what was thrown there is about what they were given', () => {
  const root = dirname(launchersFolder())
  const packages = '    at Function.process_params (/srv/node_modules/express/lib/index.js:3:1)\n'
  const ours = `    at readHandler (file://${root}/dist/bundled/app.js:103:95)\n    at ${root}/launchers/node/parked.cjs:9:1\n`
  const internal = '    at node:internal/main:1:1\n    at async Promise.all (index 0)\n'
  const mine = '    at async file:///srv/my%20site/a%25.mjs:4:1\n'
  assertFinding(stack(packages + ours + internal + mine), at('/srv/my site/a%.mjs:4'))
  assertFinding(stack(`    at f (/srv/a%20b.cjs:7:1)\n${mine}`), at('/srv/a%20b.cjs:7'))
  // A clone's examples are somebody's scripts.
  assertFinding(stack(`${ours}    at file://${root}/examples/a.mjs:5:1\n`), at(`${root}/examples/a.mjs:5`))
  // Nobody else is there.
  assertFinding(stack(internal + packages + ours), at('/srv/node_modules/express/lib/index.js:3'))
  assertFinding(stack('    at file:///srv/%zz.mjs:2:1\n'), at('/srv/%zz.mjs:2'))
  assert.notEqual(stack(internal)?.rule, 'node-exception')
})

test('node-syntax-error: a file that Node cannot read', () => {
  const message =
    '/srv/s.js:2\nif (\n\n\nSyntaxError: Unexpected end of input\n    at wrapSafe (node:internal/modules/cjs/loader:1469:18)\n'
  const expected = { rule: 'node-syntax-error', cause: /line 2 of \/srv\/s\.js: "SyntaxError/, mend: /node --check/ }
  assertFinding(afterStderr(message, '#!/usr/bin/env node\n'), expected)
})

test('node-module-format: import in a CommonJS file, or require in an ES module', () => {
  const expected = { rule: 'node-module-format', cause: /module formats/, mend: /`\.mjs`/ }
  assertFinding(afterStderr('SyntaxError: Cannot use import statement outside a module\n'), expected)
  assertFinding(
    afterStderr('ReferenceError: require is not defined in ES module scope, you can use import instead\n'),
    expected,
  )
})

test('php-fatal-error: also a file that PHP cannot read', () => {
  const expected = {
    rule: 'php-fatal-error',
    cause: /line 3 of \/srv\/a\.php\. Fatal error: Uncaught Error: no/,
    mend: /\+3 \/srv\/a\.php/,
  }
  const php = '#!/usr/bin/php-cgi\n'
  assertFinding(
    afterStderr(
      'PHP Fatal error:  Uncaught Error: no in /srv/a.php:3\nStack trace:\n#0 {main}\n  thrown in /srv/a.php on line 3\n',
      php,
      255,
    ),
    expected,
  )
  const parse = { ...expected, cause: /line 9 .*Parse error: syntax error, unexpected end of file/, mend: /\+9/ }
  assertFinding(
    afterStderr('PHP Parse error:  syntax error, unexpected end of file in /srv/a.php on line 9\n', php, 255),
    parse,
  )
})

test('ruby-library-missing and ruby-exception', () => {
  const ruby = '#!/usr/bin/env ruby\n'
  const load =
    "<internal:/usr/lib/ruby/rubygems/core_ext/kernel_require.rb>:86:in `require': cannot load such file -- cgi/util (LoadError)\n"
  assertFinding(afterStderr(load, ruby), {
    rule: 'ruby-library-missing',
    cause: /"cgi\/util"/,
    mend: /gem install cgi`/,
  })
  const raised = "/srv/a.rb:4:in 'Object#price': divided by 0 (ZeroDivisionError)\n\tfrom /srv/a.rb:9:in '<main>'\n"
  assertFinding(afterStderr(raised, ruby), {
    rule: 'ruby-exception',
    cause: /Line 4 of \/srv\/a\.rb raised ZeroDivisionError/,
    mend: /\+4/,
  })
})

test('program-panicked: Go, Rust, Java and C++ give up', () => {
  const expected = { rule: 'program-panicked', cause: /gave up: "/, mend: /log/ }
  assertFinding(afterStderr('panic: runtime error: index out of range\n\ngoroutine 1 [running]:\n', '', 2), {
    ...expected,
    rule: 'empty-file',
    cause: /./,
    mend: /./,
  })
  assertFinding(
    afterStderr('panic: runtime error: index out of range\n\ngoroutine 1 [running]:\n', '#!/srv/x\n', 2),
    expected,
  )
  assertFinding(afterStderr("thread 'main' panicked at src/main.rs:2:5:\nno\n", '#!/srv/x\n', 101), expected)
  assertFinding(afterStderr('Exception in thread "main" java.lang.Error\n', '#!/srv/x\n', 1), expected)
  assertFinding(
    afterStderr("terminate called after throwing an instance of 'std::bad_alloc'\n", '#!/srv/x\n', 1),
    expected,
  )
})

test('Security: a name from a message that goes into a command is quoted', () => {
  const message = "Error: Cannot find module 'x; rm -rf ~'\n"
  const expected = { rule: 'node-module-missing', cause: /x; rm -rf ~/, mend: /npm install 'x; rm -rf ~'`/ }
  assertFinding(afterStderr(message, '#!/usr/bin/env node\n'), expected)
})
