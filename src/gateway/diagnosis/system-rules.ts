// Rules over messages of the system that show up on standard error whatever the language is.

import type { StderrRule } from './rule.ts'
import { shellWord, textWord, visible } from './show.ts'

export const systemRules: readonly StderrRule[] = [
  {
    rule: 'shared-library-missing',
    pattern:
      /(?:error while loading shared libraries: |Error loading shared library |Library not loaded: )([^\s:]+)[^\n]*/,
    find: ([, library = ''], { path, shebang }) => ({
      cause: `A program could not start, because the shared library ${visible(library)} is missing.`,
      mend:
        shebang === undefined
          ? `See what is missing, and install it: \`ldd ${shellWord(path)} | grep 'not found'\`.`
          : `Install the package that has it; \`ldd\` of the program tells all that is missing.`,
    }),
  },
  {
    rule: 'library-too-old',
    pattern: /version [`']((?:GLIBC|GLIBCXX|CXXABI|OPENSSL)_[\w.]+)' not found/,
    find: ([, version = '']) => ({
      cause: `A program was built on a newer system than this one: it needs ${version}.`,
      mend: 'Build it on this system or an older one, or as a static program (`cc -static`, `CGO_ENABLED=0 go build`).',
    }),
  },
  {
    rule: 'disk-full',
    pattern: /No space left on device|Disk quota exceeded/,
    find: ([message]) => ({
      cause: `The script could not write: "${message}".`,
      mend: 'See which file system is full, of bytes or of files: `df -h && df -i`.',
    }),
  },
  {
    rule: 'read-only-file-system',
    // Security: from a line's beginning, or a long line takes quadratic time.
    pattern: /^[^\n]*Read-only file system[^\n]*/m,
    find: ([line]) => ({
      cause: `The script wants to write to a file system that is mounted read-only: "${visible(line)}".`,
      mend: 'Let it write elsewhere, such as the folder in TMPDIR; see `findmnt -O ro`.',
    }),
  },
  {
    rule: 'out-of-memory',
    pattern:
      /^(?:MemoryError|Out of memory[^\n]*|[^\n]*Cannot allocate memory[^\n]*|[^\n]*JavaScript heap out of memory[^\n]*|[^\n]*Allowed memory size of \d+ bytes exhausted[^\n]*)/m,
    find: ([line]) => ({
      cause: `The script ran out of memory: "${visible(line)}".`,
      mend: 'Let it read less at once, or give it more; see `free -h` and `ulimit -v`.',
    }),
  },
  {
    rule: 'cannot-fork',
    pattern: /^[^\n]*(?:[Cc]an(?:not|'t) fork|[Ff]ork: (?:retry|Resource temporarily unavailable))[^\n]*/m,
    find: ([line]) => ({
      cause: `The script could not start another process: "${visible(line)}".`,
      mend: 'Run fewer at once (`--max-running`), or allow more: `ulimit -u`, `systemctl show -p TasksMax`.',
    }),
  },
  {
    rule: 'data-file-forbidden',
    pattern:
      /Permission denied: '([^'\n]+)'|cannot (?:create|open) ([^\n:]+): Permission denied|EACCES: permission denied, \w+ '([^'\n]+)'/,
    find: ([, first, second, third], { runsAs }) => {
      const file = first ?? second ?? third ?? ''
      return {
        cause: `The script may not open ${visible(file)}: it runs as ${runsAs}.`,
        mend: `Give it the right that it needs: \`ls -l ${textWord(file)}\`, then \`chgrp\` and \`chmod g+rw\`.`,
      }
    },
  },
  {
    rule: 'data-file-missing',
    pattern:
      /No such file or directory: '([^'\n]+)'|cannot open ([^\n:]+): No such file|ENOENT: no such file or directory, \w+ '([^'\n]+)'/,
    find: ([, first, second, third]) => {
      const file = first ?? second ?? third ?? ''
      const from = file.startsWith('/')
        ? ''
        : " A name without a slash at its front counts from the script's own folder."
      return {
        cause: `The script wants to open ${visible(file)}, which does not exist.${from}`,
        mend: `Put it there, or write its whole path; \`ls -la ${textWord(file)}\` tells whether it is there.`,
      }
    },
  },
]
