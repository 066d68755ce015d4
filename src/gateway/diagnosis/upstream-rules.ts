// Rules over upstreams: who cannot be reached, refuses, or breaks the protocol.

import type { FailureRule, Finding } from './rule.ts'
import { visible } from './show.ts'

type Mend = readonly [cause: string, mend: string]

/** By the system's code of a connection that could not be made. */
const unreachable: Readonly<Record<string, Mend>> = {
  ECONNREFUSED: [
    'nobody listens there',
    'Start it, and see whether it listens: `ss -lxt`. A socket file that an ended program has left behind refuses too.',
  ],
  ENOENT: [
    'there is no such socket',
    'Start the program that makes it, or write the path that it makes: `ss -lx`. A relative path counts from the folder in which the server was started.',
  ],
  EACCES: [
    'the server may not write to that socket',
    'Run the server in the group of the socket, or let the program give it another owner or mode (php-fpm: `listen.group`, `listen.mode`).',
  ],
  ENOTSOCK: ['that file is no socket', 'Write the path of the socket: `ss -lx`.'],
  EAGAIN: [
    'its queue of connections is full',
    'Let it take more at once (php-fpm: `pm.max_children`, `listen.backlog`), or fewer requests run: `--max-running`.',
  ],
  ENOTFOUND: ['its host name is not known', 'Write an address, or see why it is not found: `getent hosts NAME`.'],
}

export const upstreamRules: readonly FailureRule[] = [
  {
    rule: 'upstream-unreachable',
    find: ({ failure }) => {
      if (failure.kind !== 'unreachable') return undefined
      const [why, mend] = unreachable[failure.code] ?? [
        `the connection failed with ${failure.code}`,
        'See whether it runs, and whether a firewall stands between: `ss -lxt`.',
      ]
      return finding(`The upstream ${visible(failure.address)} cannot be reached: ${why}.`, mend)
    },
  },
  {
    rule: 'upstream-connect-timeout',
    find: ({ failure, script }) =>
      failure.kind === 'timed-out' && failure.phase === 'connect'
        ? finding(
            `The upstream ${visible(script)} took no connection within ${failure.afterMs} ms.`,
            'It may hang, or be full; see `ss -lxt`, where Recv-Q says how many wait. More time: `--connect-timeout`.',
          )
        : undefined,
  },
  {
    rule: 'upstream-overloaded',
    find: ({ failure }) =>
      failure.kind === 'overloaded'
        ? finding(
            `The upstream ${visible(failure.address)} said that it takes no more requests now (FCGI_OVERLOADED).`,
            'Let it take more at once, or send it fewer: `--max-running`.',
          )
        : undefined,
  },
  {
    rule: 'upstream-unknown-role',
    find: ({ failure }) =>
      failure.kind === 'unknown-role'
        ? finding(
            `The FastCGI application ${visible(failure.address)} is no ${failure.role} (FCGI_UNKNOWN_ROLE).`,
            'Ask an application that plays this role, or ask this one for another.',
          )
        : undefined,
  },
  {
    rule: 'upstream-closed',
    find: ({ failure }) =>
      failure.kind === 'upstream-closed'
        ? finding(
            `The upstream ${visible(failure.address)} closed its connection without an answer${failure.code === undefined ? '' : ` (${failure.code})`}.`,
            'Its own log tells why: it may have crashed, been ended for its time or memory, or speak another protocol.',
          )
        : undefined,
  },
  {
    rule: 'upstream-fault',
    find: ({ failure }) =>
      failure.kind === 'upstream-fault'
        ? finding(
            `The upstream ${visible(failure.address)} does not speak ${visible(failure.protocol)} as it should: ${visible(failure.fault)}.`,
            'See whether the address is that of another service, or whether the program speaks another protocol.',
          )
        : undefined,
  },
  {
    rule: 'variables-too-large',
    find: ({ failure }) =>
      failure.kind === 'variables-too-large'
        ? finding(
            `The meta-variables take ${failure.bytes} bytes, and a uwsgi packet holds ${failure.limit}; the largest is ${visible(failure.variable)}.`,
            'Let the client send less in that field (cookies grow), or reach the application by FastCGI, SCGI or HTTP, which have no such bound.',
          )
        : undefined,
  },
]

function finding(cause: string, mend: string): Finding {
  return { cause, mend }
}
