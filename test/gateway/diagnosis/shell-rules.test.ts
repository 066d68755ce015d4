// Messages as dash, bash and env write them.

import { test } from 'node:test'
import { afterStderr, assertFinding } from './support.ts'

test('variable-missing: a variable that this request does not have, with set -u', () => {
  const expected = { rule: 'variable-missing', cause: /Line 4 .* variable HTTP_REFERER/, mend: /\$\{HTTP_REFERER:-\}/ }
  assertFinding(afterStderr('/srv/a.sh: 4: HTTP_REFERER: parameter not set\n'), expected)
})

test('command-not-found: as dash and bash say it', () => {
  const expected = { rule: 'command-not-found', cause: /Line 2 of \.\/e calls "foo"/, mend: /command -v foo/ }
  assertFinding(afterStderr('./e: 2: foo: not found\n', '#!/bin/sh\n', 127), expected)
  assertFinding(afterStderr('./e: line 2: foo: command not found\n', '#!/bin/bash\n', 127), expected)
})

test('command-forbidden: it is there, and may not be executed', () => {
  const expected = { rule: 'command-forbidden', cause: /Line 2 .* calls \/srv\/tool/, mend: /ls -l \/srv\/tool/ }
  assertFinding(afterStderr('./g: 2: /srv/tool: Permission denied\n', '#!/bin/sh\n', 126), expected)
})

test('bash-script-run-by-sh: what only bash knows', () => {
  const expected = { rule: 'bash-script-run-by-sh', cause: /Line 2 .* for bash, and sh runs it/, mend: /#!\/bin\/bash/ }
  assertFinding(afterStderr('./j: 2: [[: not found\n'), expected)
  assertFinding(afterStderr('./j: 2: Syntax error: "(" unexpected\n', '#!/bin/sh\n', 2), expected)
})

test('shell-syntax-error: the line, and how to try again', () => {
  const expected = {
    rule: 'shell-syntax-error',
    cause: /line 4 it says "Syntax error: end of file unexpected/,
    mend: /`sh -n /,
  }
  assertFinding(
    afterStderr('/srv/v: 4: Syntax error: end of file unexpected (expecting "fi")\n', '#!/bin/sh\n', 2),
    expected,
  )
  const bash = { ...expected, cause: /"syntax error: unexpected end of file"/, mend: /`bash -n / }
  assertFinding(afterStderr('/srv/u: line 4: syntax error: unexpected end of file\n', '#!/bin/bash\n', 2), bash)
})

test('carriage-returns: commands and keywords with a CR at their end', () => {
  const expected = { rule: 'carriage-returns', cause: /CR and LF/, mend: /sed -i/ }
  const content = '#!/bin/sh\nfoo\r\n'
  assertFinding(afterStderr('./y: 2: foo\r: not found\n', content, 127), expected)
  assertFinding(afterStderr("./y: line 2: $'foo\\r': command not found\n", content, 127), expected)
  assertFinding(afterStderr('./h: 5: Syntax error: end of file unexpected (expecting "then")\n', content, 2), expected)
})
