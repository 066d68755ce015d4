// Rules over what Perl wrote to standard error.

import type { StderrRule } from './rule.ts'
import { openAt, shellWord, visible } from './show.ts'

export const perlRules: readonly StderrRule[] = [
  {
    rule: 'script-unreadable',
    pattern: /^Can't open perl script "([^"\n]*)": ([^\n]*)/m,
    find: ([, file = '', why = ''], { path, runsAs }) => ({
      cause: `Perl could not open ${visible(file)}: ${visible(why)}. The server runs as ${runsAs}.`,
      mend: `Let it read the script: \`chmod a+r ${shellWord(path)}\`.`,
    }),
  },
  {
    rule: 'perl-module-missing',
    pattern: /^Can't locate ([\w/]+)\.pm in @INC[^\n]* at ([^\n]+?) line (\d+)\.$/m,
    find: ([, file = '', script = '', line = '']) => {
      const module = file.replaceAll('/', '::')
      const note = module === 'CGI' ? ' CGI.pm is not a part of Perl since 5.22.' : ''
      const debian = `lib${file.toLowerCase().replaceAll('/', '-')}-perl`
      return {
        cause: `Line ${line} of ${visible(script)} needs the module ${module}, which this Perl does not have.${note}`,
        mend: `Install it: \`cpan ${module}\`, or \`apt install ${debian}\` on Debian. A module beside the script needs \`use FindBin; use lib $FindBin::Bin;\`.`,
      }
    },
  },
  {
    rule: 'perl-taint',
    pattern: /^(Insecure [^\n]*) at ([^\n]+?) line (\d+)[.,]/m,
    find: ([, what = '', script = '', line = '']) => ({
      cause: `Perl's taint mode (-T) stopped line ${line} of ${visible(script)}: ${visible(what)}.`,
      mend: 'Give it a search path of its own and check what comes from outside: `$ENV{PATH} = "/usr/bin:/bin"; delete @ENV{qw(IFS CDPATH ENV BASH_ENV)};`.',
    }),
  },
  {
    rule: 'perl-syntax-error',
    pattern:
      /^(syntax error|Global symbol|Bareword|Can't find string terminator|Missing right|Unmatched right|Unrecognized character|Number found where|String found where|Scalar found where)([^\n]*?) at ([^\n]+?) line (\d+)/m,
    find: ([, what = '', rest = '', script = '', line = ''], { path }) => ({
      cause: `Perl cannot read the script. At line ${line} of ${visible(script)} it says "${visible(what + rest)}".`,
      mend: `Correct that line; \`perl -c ${shellWord(path)}\` tells whether it reads well.`,
    }),
  },
  {
    rule: 'perl-died',
    // A warning looks the same; the one that ended the script is the last, and the script did not end well.
    pattern: /(?:^|\n)([^\n]+) at ([^\n]+?) line (\d+)(?:, <[^\n>]*> (?:line|chunk) \d+)?\.\n?$/,
    find: ([, message = '', script = '', line = ''], { language }, { failure }) =>
      language !== 'perl' || !('exitCode' in failure) || failure.exitCode === 0
        ? undefined
        : {
            cause: `Line ${line} of ${visible(script)} ended the script: "${visible(message)}".`,
            mend: openAt(script, line),
          },
  },
]
