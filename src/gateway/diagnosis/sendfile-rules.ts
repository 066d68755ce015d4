// Rules over files that scripts ask to be sent (send-file.ts): what is wrong with the file, and where one may lie.

import type { SendFileFault } from '../../events/failures.ts'
import type { FailureRule } from './rule.ts'
import { visibleBytes } from './show.ts'

const told: Readonly<Record<SendFileFault, readonly [why: string, mend: string]>> = {
  repeated: ['and a second one beside it', 'Write one such field, once.'],
  'not-absolute': [
    'which is no absolute path',
    'Write the whole path, from "/" on; it cannot count from a folder, for the server has another one than the script.',
  ],
  'dot-segment': [
    'which has "." or ".." in its path',
    'Write the path without them, as `realpath` prints it; and see whether a part of it comes from the client.',
  ],
  'control-character': [
    'whose path holds a control character',
    'See whether a part of it comes from the client; a "%" in the name of a file is written "%25".',
  ],
  'no-location': [
    'which lies below no location that the settings name',
    'Name its folder, `--accel /PREFIX/=DIR` (accel), or write a path below a location that is named.',
  ],
  outside: [
    'which lies in no folder that the settings name',
    'Name its folder, `--sendfile-root DIR` (sendfileRoots); links count by where they lead: `realpath FILE`.',
  ],
  'not-a-file': ['which is no regular file', 'Name a file; folders, sockets and devices are not sent.'],
  program: [
    'which is a program of the site',
    'Programs are never sent as files: let data lie outside cgi-bin and folders of programs, under a name without ".cgi".',
  ],
  unreadable: [
    'which the server may not read',
    'Let the server’s user read it, and look into its folders: `namei -l FILE`.',
  ],
}

export const sendfileRules: readonly FailureRule[] = [
  {
    rule: 'bad-sendfile',
    find: ({ failure, script }) => {
      if (failure.kind !== 'bad-sendfile') return undefined
      const [why, mend] = told[failure.fault]
      return { cause: `${visibleBytes(script)} asks for "${visibleBytes(failure.line)}" to be sent, ${why}.`, mend }
    },
  },
]
