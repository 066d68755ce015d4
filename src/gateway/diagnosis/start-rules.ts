// Rules over the system's own code, where it says more than the file does: limits and states of the machine.

import type { FailureRule, Finding } from './rule.ts'
import type { Evidence } from './evidence.ts'
import { shellWord, visibleBytes } from './show.ts'

export const startRules: readonly FailureRule[] = [
  startRule('environment-too-large', ['E2BIG'], ({ script }) => ({
    cause: `The system refused to start ${visibleBytes(script)} (E2BIG): its meta-variables and arguments together are too large. Linux takes 128 KiB for one of them, and a quarter of the stack limit for all.`,
    mend: 'Send a shorter query string and fewer or smaller fields, or raise the limit: `ulimit -s 65536`.',
  })),
  startRule('text-file-busy', ['ETXTBSY'], ({ script }) => ({
    cause: `${visibleBytes(script)} is open for writing (ETXTBSY), so the system does not run it: it is being copied, or compiled, just now.`,
    mend: `Try again when that is done; see who writes with \`fuser -v ${shellWord(script)}\`. Put new versions in place with \`mv\`, not \`cp\`.`,
  })),
  startRule('too-many-processes', ['EAGAIN'], ({ script }) => ({
    cause: `The system has no process left for ${visibleBytes(script)} (EAGAIN): a limit of the user, of the service or of the machine is reached.`,
    mend: 'Run fewer at once (`--max-running`), or allow more: `ulimit -u`, `systemctl show -p TasksMax`, `sysctl kernel.pid_max`.',
  })),
  startRule('no-memory-to-start', ['ENOMEM'], ({ script }) => ({
    cause: `The system has no memory left to start ${visibleBytes(script)} (ENOMEM).`,
    mend: 'Run fewer at once (`--max-running`), or give the machine more; see `free -h` and `journalctl -k`.',
  })),
  startRule('too-many-open-files', ['EMFILE', 'ENFILE'], ({ script }, code) => ({
    cause: `No file descriptor is left to start ${visibleBytes(script)} (${code}): ${code === 'EMFILE' ? 'the server' : 'the whole machine'} has too many files open.`,
    mend: 'Allow more: `ulimit -n 65536` before the server starts, or `LimitNOFILE=65536` in its systemd unit.',
  })),
  startRule('access-refused', ['EPERM'], ({ script }) => ({
    cause: `The system refused to start ${visibleBytes(script)} (EPERM), although its file's mode allows it.`,
    mend: 'A security module decides so; see what it says: `journalctl -k | grep -iE "denied|audit"`.',
  })),
]

type Tell = (evidence: Evidence, code: string) => Finding

function startRule(rule: string, codes: readonly string[], tell: Tell): FailureRule {
  return {
    rule,
    find: (evidence) => {
      const { failure } = evidence
      const code = ('code' in failure ? failure.code : undefined) ?? ''
      return codes.includes(code) ? tell(evidence, code) : undefined
    },
  }
}
