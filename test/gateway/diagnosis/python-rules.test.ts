// Messages as Python 3.11 writes them.

import { test } from 'node:test'
import { afterStderr, assertFinding, pythonTraceback } from './support.ts'

const python = '#!/usr/bin/python3\n'

test('python-exception: its name, its message and its last place', () => {
  const expected = {
    rule: 'python-exception',
    cause: /Line 12 of \/srv\/lib\/b\.py raised ValueError: no number\. Nobody/,
    mend: /\+12 \/srv\/lib\/b\.py`/,
  }
  assertFinding(afterStderr(pythonTraceback('ValueError: no number'), python), expected)
})

test('python-exception: of several tracebacks the last', () => {
  const both = `${pythonTraceback("ModuleNotFoundError: No module named 'simplejson'")}\nDuring handling of the above exception, another exception occurred:\n\n${pythonTraceback('shop.NoStock: 3\nleft')}`
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
  assertFinding(afterStderr(pythonTraceback("ModuleNotFoundError: No module named 'cgi'"), python), expected)
  const imp = { ...expected, cause: /"imp", which Python 3\.12/, mend: /importlib/ }
  assertFinding(afterStderr(pythonTraceback("ModuleNotFoundError: No module named 'imp'"), python), imp)
})

test('python-module-removed: of those that Postern brings, it says so', () => {
  const expected = {
    rule: 'python-module-removed',
    cause: /"cgitb"/,
    mend: /brings its own "cgitb".*--python-cgi off.*-E/,
  }
  assertFinding(afterStderr(pythonTraceback("ModuleNotFoundError: No module named 'cgitb'"), python), expected)
})

test('python-cgi-name-removed: names that "cgi" lost long before Python lost it', () => {
  const expected = {
    rule: 'python-cgi-name-removed',
    cause: /"cgi\.escape", which Python 3\.8/,
    mend: /`html\.escape`/,
  }
  const missing = "AttributeError: module 'cgi' has no attribute 'escape'"
  assertFinding(afterStderr(pythonTraceback(missing), python), expected)
  const unimported = "ImportError: cannot import name 'parse_qs' from 'cgi' (/usr/lib/python3.11/cgi.py)"
  assertFinding(afterStderr(pythonTraceback(unimported), python), { ...expected, cause: /parse_qs"/, mend: /urllib/ })
  const other = "ImportError: cannot import name 'escape' from 'jinja2' (/x.py)"
  assertFinding(afterStderr(pythonTraceback(other), python), {
    rule: 'python-exception',
    cause: /ImportError/,
    mend: /./,
  })
})

test('python-module-missing: any other module', () => {
  const expected = { rule: 'python-module-missing', cause: /imports "yaml\.cyaml"/, mend: /pip install yaml`/ }
  assertFinding(afterStderr(pythonTraceback("ModuleNotFoundError: No module named 'yaml.cyaml'"), python), expected)
})

test('python-2-script: a print statement, a module or a name of Python 2', () => {
  const expected = { rule: 'python-2-script', cause: /Python 2, and Python 3 runs it/, mend: /2to3 -w/ }
  const print =
    '  File "/srv/a.py", line 2\n    print "hello"\n    ^^^^^^^^^^^^^\nSyntaxError: Missing parentheses in call to \'print\'. Did you mean print(...)?\n'
  assertFinding(afterStderr(print, python), { ...expected, cause: /line 2 of \/srv\/a\.py/ })
  assertFinding(afterStderr(pythonTraceback("ModuleNotFoundError: No module named 'urllib2'"), python), expected)
  assertFinding(afterStderr(pythonTraceback("NameError: name 'unicode' is not defined"), python), expected)
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
  assertFinding(afterStderr(pythonTraceback(message), python), expected)
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
  assertFinding(afterStderr(pythonTraceback("KeyError: 'HTTP_REFERER'"), python), expected)
})
