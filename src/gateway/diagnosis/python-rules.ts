// Rules over what Python wrote to standard error.

import { python2Modules, removedModuleMend, removedModules } from './python-modules.ts'
import type { Finding, StderrRule } from './rule.ts'
import { openAt, shellWord, visible } from './show.ts'

export const pythonRules: readonly StderrRule[] = [
  {
    rule: 'python-home',
    pattern: /^Fatal Python error: (?:init_fs_encoding|init_import_site|Py_Initialize)[^\n]*/m,
    find: ([line]) => ({
      cause: `Python did not find its own library: "${visible(line)}".`,
      mend: 'Do not set PYTHONHOME or PYTHONPATH for scripts, and see that the server may read Python\'s library: `python3 -c "import os; print(os.__file__)"`.',
    }),
  },
  {
    rule: 'script-unreadable',
    pattern: /can't open file '([^'\n]*)': \[Errno \d+\] ([^\n]*)/,
    find: ([, file = '', why = ''], { path, runsAs }) => ({
      cause: `Python could not open ${visible(file)}: ${visible(why)}. The server runs as ${runsAs}.`,
      mend: `Let it read the script: \`chmod a+r ${shellWord(path)}\`.`,
    }),
  },
  {
    rule: 'python-2-script',
    pattern:
      /^(?:SyntaxError: Missing parentheses in call to '(?:print|exec)'|NameError: name '(?:raw_input|unicode|xrange|unichr|reduce)' is not defined|(?:ModuleNotFound|Import)Error: No module named '?(\w+))[^\n]*/m,
    find: (match, { path }) => {
      const [line, module] = match
      if (module !== undefined && !python2Modules.has(module)) return undefined
      return {
        cause: `The script is written for Python 2, and Python 3 runs it. ${place(match)} it says "${visible(line)}".`,
        mend: `Translate it: \`2to3 -w ${shellWord(path)}\` does most of it (a part of Python until 3.12).`,
      }
    },
  },
  {
    rule: 'python-module-removed',
    pattern: /^(?:ModuleNotFound|Import)Error: No module named '?(\w+)/m,
    find: (match) => {
      const [, module = ''] = match
      const version = removedModules.get(module)
      if (version === undefined) return undefined
      return {
        cause: `${place(match)} the script imports "${module}", which Python ${version} removed.`,
        mend: removedModuleMend(module),
      }
    },
  },
  {
    rule: 'python-module-missing',
    pattern: /^(?:ModuleNotFound|Import)Error: No module named '?([\w.]+)/m,
    find: (match, { runsAs }) => {
      const [, module = ''] = match
      return {
        cause: `${place(match)} the script imports "${module}", and the Python that runs it does not have that. The server runs as ${runsAs}, to whom another user's packages do not count.`,
        mend: `Install what has it, for all users: \`python3 -m pip install ${module.split('.')[0]}\` (the package may have another name), or name the Python of its virtual environment in the #! line.`,
      }
    },
  },
  {
    rule: 'python-cgi-name-removed',
    pattern:
      /^(?:AttributeError: module 'cgi' has no attribute|ImportError: cannot import name) '(escape|parse_qsl?)'[^\n]*/m,
    find: (match) => {
      const name = match[1] ?? ''
      if (!match[0].includes("'cgi'")) return undefined
      const instead = name === 'escape' ? 'html.escape' : `urllib.parse.${name}`
      return {
        cause: `${place(match)} the script uses "cgi.${name}", which Python 3.8 removed.`,
        mend: `Use \`${instead}\` in its place.`,
      }
    },
  },
  {
    rule: 'python-syntax-error',
    pattern: /^ +File "[^"\n]*", line \d+\n(?:[^\n]*\n){0,4}?((?:Syntax|Indentation|Tab)Error: [^\n]*)/m,
    find: (match, { path }) => ({
      cause: `Python cannot read the script. ${place(match)} it says "${visible(match[1] ?? '')}".`,
      mend: `Correct that line; \`python3 -m py_compile ${shellWord(path)}\` tells whether it reads well.`,
    }),
  },
  {
    rule: 'python-output-encoding',
    pattern: /^UnicodeEncodeError: '(\S+)' codec can't encode[^\n]*/m,
    find: (match) => ({
      cause: `${place(match)} the script prints a character that its output's encoding, ${visible(match[1] ?? '')}, does not have.`,
      mend: 'Print UTF-8, whatever the locale is: put `sys.stdout.reconfigure(encoding="utf-8")` before the first print.',
    }),
  },
  {
    rule: 'variable-missing',
    pattern: /^KeyError: '((?:HTTP|CONTENT|REMOTE|AUTH|SERVER|SCRIPT|PATH|QUERY|REQUEST|DOCUMENT|GATEWAY)_\w+|HTTPS)'/m,
    find: (match) => {
      const name = match[1] ?? ''
      return {
        cause: `${place(match)} the script asks for the meta-variable ${name}, which this request does not have.`,
        mend: `Ask in a way that may find nothing: \`os.environ.get("${name}", "")\`.`,
      }
    },
  },
  {
    rule: 'python-exception',
    pattern: /^Traceback \(most recent call last\):\n(?:[ \t][^\n]*\n|\n)+([\w.]+)(?:: ([^\n]*))?/m,
    find: (match) => exception(match),
  },
]

function exception(match: RegExpExecArray): Finding {
  const [, name = '', text] = match
  const frame = lastFrame(match.input)
  const where = frame === undefined ? 'The script' : `Line ${frame.line} of ${visible(frame.file)}`
  return {
    cause: `${where} raised ${visible(name)}${text === undefined ? '' : `: ${visible(text)}`}. Nobody caught it.`,
    mend: frame === undefined ? 'Read the whole traceback in the log.' : openAt(frame.file, frame.line),
  }
}

interface Frame {
  readonly file: string
  readonly line: string
}

function lastFrame(text: string): Frame | undefined {
  const frames = [...text.matchAll(/^ +File "([^"\n]*)", line (\d+)/gm)]
  // Not in our own worker (launchers/wsgi), which only says what is wrong.
  const [, file, line] = frames.findLast(([, each = '']) => !each.includes('/_postern_wsgi/')) ?? frames.at(-1) ?? []
  return file === undefined || line === undefined ? undefined : { file, line }
}

/** The last place that Python names before the message. */
function place({ 0: all, input, index }: RegExpExecArray): string {
  const frame = lastFrame(input.slice(0, index + all.length))
  return frame === undefined ? 'There' : `At line ${frame.line} of ${visible(frame.file)}`
}
