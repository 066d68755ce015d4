// Rules over what Node, PHP, Ruby and compiled programs wrote to standard error.

import { placeInStack } from './node-stack.ts'
import type { StderrRule } from './rule.ts'
import { openAt, shellWord, textWord, visible } from './show.ts'

export const languageRules: readonly StderrRule[] = [
  {
    rule: 'node-module-missing',
    pattern: /^Error(?: \[ERR_MODULE_NOT_FOUND\])?: Cannot find (?:module|package) '([^'\n]*)'/m,
    find: ([, module = ''], { path }) => ({
      cause: `The script needs the module "${visible(module)}", and Node does not find it from where the script lies.`,
      mend: /^[./]/.test(module)
        ? `Look for it, upper and lower case and the extension count: \`ls -la ${textWord(module)}\`.`
        : `Install it beside the script: \`cd "$(dirname ${shellWord(path)})" && npm install ${textWord(module)}\`.`,
    }),
  },
  {
    rule: 'node-module-format',
    pattern:
      /(Cannot use import statement outside a module|(?:require|exports|module|__dirname) is not defined in ES module scope|require\(\) of ES Module|Unexpected token 'export')[^\n]*/,
    find: ([message]) => ({
      cause: `Node takes the script for the other one of its two module formats: "${visible(message)}".`,
      mend: 'Give its name the extension that tells: `.mjs` for `import`, `.cjs` for `require`.',
    }),
  },
  {
    rule: 'node-exception',
    pattern:
      /^(?:Uncaught )?((?:[A-Z]\w*)?Error)(?: \[\w+\])?(?:: ([^\n]*))?\n(?:[^\n]*\n){0,20}?((?: {4}at [^\n]*(?:\n|$)){1,100})/m,
    find: ([, name = '', message = '', frames = '']) => {
      const place = placeInStack(frames)
      if (place === undefined) return undefined
      const { file, line } = place
      return {
        cause: `Line ${line} of ${visible(file)} threw ${name}${message === '' ? '' : `: ${visible(message)}`}. Nobody caught it.`,
        mend: openAt(file, line),
      }
    },
  },
  {
    rule: 'node-syntax-error',
    pattern: /^(?:file:\/\/)?(\/[^\n]*?):(\d+)\n[^]*?^(SyntaxError: [^\n]*)/m,
    find: ([, file = '', line = '', message = '']) => ({
      cause: `Node cannot read line ${line} of ${visible(file)}: "${visible(message)}".`,
      mend: `Correct that line; \`node --check ${textWord(file)}\` tells whether it reads well.`,
    }),
  },
  {
    rule: 'php-fatal-error',
    pattern:
      /^(?:PHP )?(Fatal error|Parse error|Recoverable fatal error):\s+([^\n]*?) in (\/[^\n]+?)(?: on line |:)(\d+)/m,
    find: ([, kind = '', message = '', file = '', line = '']) => ({
      cause: `PHP stopped at line ${line} of ${visible(file)}. ${kind}: ${visible(message)}.`,
      mend: openAt(file, line),
    }),
  },
  {
    rule: 'ruby-library-missing',
    pattern: /cannot load such file -- (\S+) \(LoadError\)/,
    find: ([, library = '']) => ({
      cause: `The script requires "${visible(library)}", which its Ruby does not have.`,
      mend: `Install it: \`gem install ${textWord(library.split('/')[0] ?? library)}\`; the library "cgi" left Ruby's own with 3.5.`,
    }),
  },
  {
    rule: 'ruby-exception',
    pattern: /^([^\n:]+):(\d+):in [`'][^\n]*?': ([^\n]*) \(([A-Z][\w:]*)\)$/m,
    find: ([, file = '', line = '', message = '', name = '']) => ({
      cause: `Line ${line} of ${visible(file)} raised ${name}: ${visible(message)}. Nobody rescued it.`,
      mend: openAt(file, line),
    }),
  },
  {
    rule: 'program-panicked',
    pattern:
      /^(panic: |fatal error: |thread '[^'\n]*' (?:\(\d+\) )?panicked at |Exception in thread "[^"\n]*" |terminate called after throwing an instance of |Unhandled exception[.:] )([^\n]*)/m,
    find: ([line]) => ({
      cause: `The program gave up: "${visible(line)}".`,
      mend: 'Read what follows that line in the log; it names the place in the program.',
    }),
  },
]
