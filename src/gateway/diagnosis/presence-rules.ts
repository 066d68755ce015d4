// Rules over a file that is not there, or that the system does not let us run.

import { posix } from 'node:path'
import type { ScriptFacts } from './inspect-script.ts'
import type { FileRule } from './rule.ts'
import { modeText, octal, shellWord, visibleBytes } from './show.ts'

export const presenceRules: readonly FileRule[] = [
  {
    rule: 'dangling-link',
    find: ({ path, lookError, linkTo }) =>
      lookError === 'ENOENT' && linkTo !== undefined
        ? {
            cause: `${visibleBytes(path)} is a symbolic link to ${visibleBytes(linkTo)}, and that does not exist.`,
            mend: `Point it at the script: \`ln -sfn /path/to/the/script ${shellWord(path)}\`.`,
          }
        : undefined,
  },
  {
    rule: 'missing-file',
    find: ({ path, lookError }) =>
      lookError === 'ENOENT' || lookError === 'ENOTDIR'
        ? {
            cause: `${visibleBytes(path)} does not exist.`,
            mend: `Look for another spelling, upper and lower case differ: \`ls -la ${shellWord(posix.dirname(path))}\`.`,
          }
        : undefined,
  },
  {
    rule: 'link-loop',
    find: ({ path, lookError }) =>
      lookError === 'ELOOP'
        ? {
            cause: `${visibleBytes(path)} is a symbolic link that leads back to itself.`,
            mend: `See where it leads, and link it anew: \`namei -l ${shellWord(path)}\`.`,
          }
        : undefined,
  },
  {
    rule: 'folder-forbidden',
    find: ({ path, closedFolder, runsAs }) =>
      closedFolder === undefined
        ? undefined
        : {
            cause: `The server runs as ${runsAs} and may not enter the folder ${visibleBytes(closedFolder)}, in which ${visibleBytes(posix.basename(path))} lies.`,
            mend: `Let it pass: \`chmod o+x ${shellWord(closedFolder)}\`.`,
          },
  },
  {
    rule: 'is-a-folder',
    find: ({ path, type }) =>
      type === 'folder'
        ? {
            cause: `${visibleBytes(path)} is a folder, not a program.`,
            mend: `Name a program in it: \`ls -la ${shellWord(path)}\`.`,
          }
        : undefined,
  },
  {
    rule: 'not-a-regular-file',
    find: ({ path, type }) =>
      type === 'other'
        ? {
            cause: `${visibleBytes(path)} is a device, socket or named pipe, not a program.`,
            mend: `Put a regular file in its place; see what it is with \`ls -l ${shellWord(path)}\`.`,
          }
        : undefined,
  },
  {
    rule: 'noexec-mount',
    find: ({ path, noexecMount }) =>
      noexecMount === undefined
        ? undefined
        : {
            cause: `${visibleBytes(path)} is on the file system at ${visibleBytes(noexecMount)}, which is mounted with "noexec": no program on it may run.`,
            mend: `Move the script, or mount with exec: \`mount -o remount,exec ${shellWord(noexecMount)}\` and take "noexec" out of /etc/fstab.`,
          },
  },
  {
    rule: 'not-executable',
    find: (facts) =>
      facts.type === 'file' && !facts.executable && (facts.noexecMount === undefined || (facts.mode & 0o111) === 0)
        ? { cause: notExecutable(facts), mend: `Allow it: \`chmod 755 ${shellWord(facts.path)}\`.` }
        : undefined,
  },
  {
    rule: 'not-readable',
    find: ({ path, type, readable, runsAs, mode }) =>
      type === 'file' && !readable
        ? {
            cause: `The server runs as ${runsAs} and may not read ${visibleBytes(path)} (mode ${octal(mode)}); an interpreter must read the script that it runs.`,
            mend: `Allow it: \`chmod a+r ${shellWord(path)}\`.`,
          }
        : undefined,
  },
]

function notExecutable({ path, mode, runsAs }: ScriptFacts): string {
  const shown = `${octal(mode)}, ${modeText(mode)}`
  if ((mode & 0o111) === 0) return `${visibleBytes(path)} is not marked executable (mode ${shown}).`
  return `${visibleBytes(path)} may be executed by some (mode ${shown}), but not by ${runsAs}, as which the server runs.`
}
