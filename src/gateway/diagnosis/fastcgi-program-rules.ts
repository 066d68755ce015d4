// Rules over FastCGI programs that the server starts itself, php-cgi among them.

import type { FailureRule, Finding } from './rule.ts'
import { shellWord, visible, visibleBytes } from './show.ts'

export const fastCgiProgramRules: readonly FailureRule[] = [
  {
    rule: 'php-missing',
    find: ({ failure, script }) =>
      failure.kind === 'interpreter-missing'
        ? finding(
            `${visibleBytes(script)} is run by php-cgi, and there is no ${visible(failure.interpreter)} here.`,
            'Install it: `apt install php-cgi`, `dnf install php-cgi`, `apk add php83-cgi` or `brew install php`. It is found without a restart. Elsewhere: `--php /path/to/php-cgi`.',
          )
        : undefined,
  },
  {
    rule: 'not-fastcgi',
    find: ({ failure }) =>
      failure.kind === 'cannot-start' && failure.code === 'exit code 0'
        ? finding(
            `${visibleBytes(failure.program)} ended, with exit code 0, before it took a request.`,
            `A FastCGI program accepts connections on its descriptor 0, and stays. If this one is plain CGI, let its name end in .cgi; see what it says by itself: \`${shellWord(failure.program)} < /dev/null\`.`,
          )
        : undefined,
  },
  {
    rule: 'ends-at-start',
    find: ({ failure }) =>
      failure.kind === 'cannot-start' && failure.lastWords !== undefined
        ? finding(
            `${visibleBytes(failure.program)} ended before it took a request: ${visible(failure.code)}.`,
            `Read what it wrote to standard error, here or in the log; see what it says by itself: \`${shellWord(failure.program)} < /dev/null\`. It is tried again after a pause, or at once when its file changes.`,
          )
        : undefined,
  },
]

function finding(cause: string, mend: string): Finding {
  return { cause, mend }
}
