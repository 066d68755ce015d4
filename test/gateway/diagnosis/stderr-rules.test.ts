// Messages as Python 3.11, Perl 5.36, dash, bash, Node 20, PHP 8 and Ruby 3 write them.

import { test } from 'node:test'
import { afterStderr, assertFinding } from './support.ts'

const python = '#!/usr/bin/python3\n'
const traceback = (message: string): string =>
  `Traceback (most recent call last):\n  File "/srv/a.py", line 3, in <module>\n    main()\n  File "/srv/lib/b.py", line 12, in main\n    go()\n    ^^^^\n${message}\n`

test('python-exception: its name, its message and its last place', () => {
  const expected = {
    rule: 'python-exception',
    cause: /Line 12 of \/srv\/lib\/b\.py raised ValueError: no number\. Nobody/,
    mend: /\+12 \/srv\/lib\/b\.py`/,
  }
  assertFinding(afterStderr(traceback('ValueError: no number'), python), expected)
})

test('python-exception: of several tracebacks the last', () => {
  const both = `${traceback("ModuleNotFoundError: No module named 'simplejson'")}\nDuring handling of the above exception, another exception occurred:\n\n${traceback('shop.NoStock: 3\nleft')}`
  assertFinding(afterStderr(both, python), {
    rule: 'python-exception',
    cause: /raised shop\.NoStock: 3\./,
    mend: /EDITOR/,
  })
})

test('python-module-removed: a module that Python has lost', () => {
  const expected = {
    rule: 'python-module-removed',
    cause: /line 12 of \/srv\/lib\/b\.py the script imports "cgi", which Python 3\.13/,
    mend: /pip install legacy-cgi/,
  }
  assertFinding(afterStderr(traceback("ModuleNotFoundError: No module named 'cgi'"), python), expected)
  const imp = { ...expected, cause: /"imp", which Python 3\.12/, mend: /importlib/ }
  assertFinding(afterStderr(traceback("ModuleNotFoundError: No module named 'imp'"), python), imp)
})

test('python-module-missing: any other module', () => {
  const expected = { rule: 'python-module-missing', cause: /imports "yaml\.cyaml"/, mend: /pip install yaml`/ }
  assertFinding(afterStderr(traceback("ModuleNotFoundError: No module named 'yaml.cyaml'"), python), expected)
})

test('python-2-script: a print statement, a module or a name of Python 2', () => {
  const expected = { rule: 'python-2-script', cause: /Python 2, and Python 3 runs it/, mend: /2to3 -w/ }
  const print =
    '  File "/srv/a.py", line 2\n    print "hello"\n    ^^^^^^^^^^^^^\nSyntaxError: Missing parentheses in call to \'print\'. Did you mean print(...)?\n'
  assertFinding(afterStderr(print, python), { ...expected, cause: /line 2 of \/srv\/a\.py/ })
  assertFinding(afterStderr(traceback("ModuleNotFoundError: No module named 'urllib2'"), python), expected)
  assertFinding(afterStderr(traceback("NameError: name 'unicode' is not defined"), python), expected)
})

test('python-syntax-error: also of indentation and tabs', () => {
  const expected = {
    rule: 'python-syntax-error',
    cause: /line 7 of \/srv\/a\.py it says "IndentationError: unexpected indent"/,
    mend: /py_compile/,
  }
  assertFinding(
    afterStderr('  File "/srv/a.py", line 7\n    x\nIndentationError: unexpected indent\n', python),
    expected,
  )
})

test('python-output-encoding: a character that the locale does not have', () => {
  const message =
    "UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 1: ordinal not in range(128)"
  const expected = { rule: 'python-output-encoding', cause: /encoding, ascii/, mend: /reconfigure\(encoding="utf-8"\)/ }
  assertFinding(afterStderr(traceback(message), python), expected)
})

test('python-home: Python without its library', () => {
  const message =
    "Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding\nPython runtime state: core initialized\nModuleNotFoundError: No module named 'encodings'\n"
  assertFinding(afterStderr(message, python), { rule: 'python-home', cause: /its own library/, mend: /PYTHONHOME/ })
})

test('variable-missing: a meta-variable that this request does not have', () => {
  const expected = {
    rule: 'variable-missing',
    cause: /meta-variable HTTP_REFERER/,
    mend: /os\.environ\.get\("HTTP_REFERER", ""\)/,
  }
  assertFinding(afterStderr(traceback("KeyError: 'HTTP_REFERER'"), python), expected)
  const shell = { rule: 'variable-missing', cause: /Line 4 .* variable HTTP_REFERER/, mend: /\$\{HTTP_REFERER:-\}/ }
  assertFinding(afterStderr('/srv/a.sh: 4: HTTP_REFERER: parameter not set\n'), shell)
})

test('perl-module-missing: with the line that needs it', () => {
  const message =
    "Can't locate DBD/mysql.pm in @INC (you may need to install the DBD::mysql module) (@INC contains: /etc/perl) at /srv/a.pl line 2.\nBEGIN failed--compilation aborted at /srv/a.pl line 2.\n"
  const expected = {
    rule: 'perl-module-missing',
    cause: /Line 2 of \/srv\/a\.pl needs the module DBD::mysql/,
    mend: /apt install libdbd-mysql-perl/,
  }
  assertFinding(afterStderr(message, '#!/usr/bin/perl\n', 2), expected)
})

test('perl-syntax-error: the first line that Perl complains of', () => {
  const message =
    'syntax error at /srv/a.pl line 5, near "print"\nExecution of /srv/a.pl aborted due to compilation errors.\n'
  const expected = {
    rule: 'perl-syntax-error',
    cause: /line 5 of \/srv\/a\.pl it says "syntax error"/,
    mend: /perl -c/,
  }
  assertFinding(afterStderr(message, '#!/usr/bin/perl\n', 255), expected)
})

test('perl-died: the last message, not a warning before it', () => {
  const message =
    'Use of uninitialized value $x in addition (+) at /srv/a.pl line 3.\nno database at /srv/a.pl line 8, <STDIN> line 1.\n'
  const expected = {
    rule: 'perl-died',
    cause: /Line 8 of \/srv\/a\.pl ended the script: "no database"/,
    mend: /\+8 \/srv\/a\.pl/,
  }
  assertFinding(afterStderr(message, '#!/usr/bin/perl\n', 255), expected)
})

test('perl-taint: taint mode stopped the script', () => {
  const message = 'Insecure $ENV{PATH} while running with -T switch at /srv/a.pl line 6.\n'
  assertFinding(afterStderr(message, '#!/usr/bin/perl -T\n', 255), {
    rule: 'perl-taint',
    cause: /line 6/,
    mend: /\$ENV\{PATH\} =/,
  })
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

test('shared-library-missing: as glibc, musl and macOS say it', () => {
  const expected = { rule: 'shared-library-missing', cause: /libpq\.so\.5/, mend: /ldd/ }
  assertFinding(
    afterStderr(
      '/srv/a: error while loading shared libraries: libpq.so.5: cannot open shared object file\n',
      '#!/bin/sh\n',
      127,
    ),
    expected,
  )
  assertFinding(
    afterStderr(
      'Error loading shared library libpq.so.5: No such file or directory (needed by /srv/a)\n',
      '#!/bin/sh\n',
      127,
    ),
    expected,
  )
})

test('library-too-old: a program from a newer system', () => {
  const message = "/srv/a: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /srv/a)\n"
  assertFinding(afterStderr(message), { rule: 'library-too-old', cause: /GLIBC_2\.38/, mend: /cc -static/ })
})

test('disk-full, read-only-file-system, out-of-memory, cannot-fork: what the machine lacks', () => {
  const disk = traceback('OSError: [Errno 28] No space left on device')
  assertFinding(afterStderr(disk, python), { rule: 'disk-full', cause: /No space left/, mend: /df -h/ })
  const readOnly = './a: 3: cannot create /usr/x: Read-only file system\n'
  assertFinding(afterStderr(readOnly), { rule: 'read-only-file-system', cause: /\/usr\/x/, mend: /TMPDIR/ })
  assertFinding(afterStderr(traceback('MemoryError'), python), {
    rule: 'out-of-memory',
    cause: /MemoryError/,
    mend: /free -h/,
  })
  const fork = './a: fork: retry: Resource temporarily unavailable\n'
  assertFinding(afterStderr(fork), { rule: 'cannot-fork', cause: /fork: retry/, mend: /--max-running/ })
})

test('data-file-forbidden and data-file-missing: the file that the script wants to open', () => {
  const denied = traceback("PermissionError: [Errno 13] Permission denied: '/srv/data/guests.txt'")
  const expected = {
    rule: 'data-file-forbidden',
    cause: /\/srv\/data\/guests\.txt/,
    mend: /ls -l \/srv\/data\/guests\.txt/,
  }
  assertFinding(afterStderr(denied, python), expected)
  assertFinding(
    afterStderr('./a: 3: cannot create /srv/data/guests.txt: Permission denied\n', '#!/bin/sh\n', 2),
    expected,
  )
  const absent = traceback("FileNotFoundError: [Errno 2] No such file or directory: 'guests.txt'")
  const missing = { rule: 'data-file-missing', cause: /guests\.txt, .*script's own folder/, mend: /ls -la guests\.txt/ }
  assertFinding(afterStderr(absent, python), missing)
})

test('Security: a name from a message that goes into a command is quoted', () => {
  const message = "Error: Cannot find module 'x; rm -rf ~'\n"
  const expected = { rule: 'node-module-missing', cause: /x; rm -rf ~/, mend: /npm install 'x; rm -rf ~'`/ }
  assertFinding(afterStderr(message, '#!/usr/bin/env node\n'), expected)
})
