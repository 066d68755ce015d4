// The bounds that have no flag, for docs/limits.md. The numbers are read from the source, where each is a constant of
// its file; here stands what they bound. A constant that looks like a bound and is not listed is an error, so that the
// page cannot fall behind.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.mjs'

/** `bound` names constants of `file` in braces. */
const bounds = [
  {
    file: 'src/app/gather.ts',
    bound: '{wholeBytes}',
    about: 'of a Response’s body by postern/app that is taken whole where it is at hand at once; a larger one streams',
  },
  {
    file: 'src/app/listener-callee.ts',
    bound: '{mostHeadBytes}',
    about: 'of the head of a listener’s answer by postern/app; a longer one is 500',
  },
  {
    file: 'src/app/end-soon.ts',
    bound: '{lastWordsMs}',
    about:
      'that a program of postern/app whose work is done may still be kept by what it has open (a pool of connections); then it ends',
  },
  {
    file: 'src/gateway/request-body.ts',
    bound: '{wholeBytes}',
    about:
      'of a request’s body of known length; a smaller one is read whole before its script starts, a larger one on the way',
  },
  {
    file: 'src/gateway/request-policy.ts',
    bound: '{longestName} bytes',
    about: 'of a field’s name; a field with a longer one reaches a script only where passFields names it',
  },
  {
    file: 'src/frontends/refusal.ts',
    bound: '{discardBytes}, {discardMs}',
    about:
      'that a client may go on sending after an answer that did not wait for its body, so that it comes to read it',
  },
  {
    file: 'src/frontends/filter-data.ts',
    bound: '{mostUnreadBytes}',
    about: 'of the file that a FastCGI filter is given, that lie unread before no more is taken from the connection',
  },
  {
    file: 'src/frontends/fed-body.ts',
    bound: '{heldBytes}',
    about:
      'of a request’s body by CGI, FastCGI, SCGI or uwsgi that is held in memory while its script does not read; more goes to a file without a name',
  },
  {
    file: 'src/frontends/fastcgi.ts',
    bound: '{mostRequestsAtOnce} requests',
    about: 'at once on one FastCGI connection; one more is told FCGI_OVERLOADED',
  },
  {
    file: 'src/frontends/write-answer.ts',
    bound: '{heldBytes}',
    about: 'of an answer that its client has not taken; then its script waits',
  },
  {
    file: 'src/transport/applications/worker-connection.ts',
    bound: '{heldBytes}',
    about: 'of a request’s body that a WSGI worker has not taken; then its sender waits',
  },
  {
    file: 'src/executors/wsgi.ts',
    bound: '{heldBytes}',
    about: 'of a WSGI application’s output that nobody has taken; then its worker waits',
  },
  {
    file: 'src/executors/deadline-clock.ts',
    bound: '{shortestLookMs} to {longestLookMs}',
    about: 'between two looks at the time limits of WSGI requests and of handlers of `postern/app`',
  },
  {
    file: 'src/protocol/application/frames.ts',
    bound: '{longestFrame:Bytes}',
    about: 'of one frame between the server and an application worker; a longer one ends the connection',
  },
  {
    file: 'src/transport/applications/dial-in.ts',
    bound: '{helloMs}',
    about: 'for a connection of an application worker to say what it is',
  },
  {
    file: 'src/transport/applications/memory.ts',
    bound: '{psMs}',
    about: 'for `ps` to say how much memory a worker holds, where there is no /proc',
  },
  {
    file: 'src/transport/applications/pool.ts',
    bound: '{lookEveryMs}',
    about: 'between two looks at workers’ memory, and at threads that go on with a request nobody waits for',
  },
  {
    file: 'src/transport/applications/pool.ts',
    bound: '{leaveMs}',
    about: 'for a worker that has no more to do to end of itself; then it is ended',
  },
  {
    file: 'src/transport/applications/strangers.ts',
    bound: '{strangerMs}',
    about: 'that a thread waits which has dialled in before its process is known',
  },
  {
    file: 'src/transport/applications/stacks.ts',
    bound: '{answerMs}, {restMs}, {mostBytes}',
    about: 'for a worker to say where it stands, and for the rest of what it says',
  },
  {
    file: 'src/transport/applications/start.ts',
    bound: '{tailBytes}, {wordsMs}',
    about: 'of a worker’s last words, kept for the diagnosis; and for them to come after its end',
  },
  {
    file: 'src/transport/applications/start.ts',
    bound: '{heldMs}',
    about: 'that lines of a worker which loads its application wait to be logged: where it fails, they are told as one',
  },
  {
    file: 'src/transport/applications/load-troubles.ts',
    bound: '{mostKnown} failures',
    about: 'to load an application that are known as told; another one is told again each time',
  },
  {
    file: 'src/observers/tracebacks.ts',
    bound: '{mostLines} lines, {mostCharacters} characters',
    about: 'of one traceback that are one record of the log; what is longer is several',
  },
  {
    file: 'src/observers/tracebacks.ts',
    bound: '{restMs}',
    about: 'for the rest of a traceback that comes in parts; then what is there is logged',
  },
  {
    file: 'src/frontends/fastcgi-request.ts',
    bound: '{mostWaitingBytes}',
    about: 'that a web server has not yet taken, beyond which lines of a script’s standard error go to our log alone',
  },
  {
    file: 'src/frontends/notices-once.ts',
    bound: '{mostNotices} notices',
    about: 'in the log about bad connections of one socket, each text once',
  },
  {
    file: 'src/gateway/authorize.ts',
    bound: '{endMs}',
    about: 'that an authorizer may go on after its output has ended; then it is 504',
  },
  {
    file: 'src/gateway/script-document.ts',
    bound: '{unheardBytes}, {unheardMs}',
    about:
      'of output that nobody is to hear: after HEAD, 204, 304, a local redirect or a file sent in its place; then the script is ended',
  },
  {
    file: 'src/protocol/fastcgi/record.ts',
    bound: '{longestContent:Bytes}',
    about: 'of a FastCGI record’s content; what is longer goes out as several',
  },
  {
    file: 'src/transport/fastcgi/connection.ts',
    bound: '{abortGraceMs}',
    about: 'from FCGI_ABORT_REQUEST to the end of a connection on which nothing else is under way',
  },
  {
    file: 'src/transport/fastcgi/pool.ts',
    bound: '{valuesMs}',
    about: 'that a FastCGI application has to answer GET_VALUES; one that says nothing takes one request a connection',
  },
  {
    file: 'src/executors/fastcgi.ts',
    bound: '{heldBytes}',
    about: 'of an upstream’s answer read ahead of a slow client; then the upstream waits',
  },
  {
    file: 'src/executors/socket-exchange.ts',
    bound: '{heldBytes}',
    about: 'of an SCGI or uwsgi server’s answer read ahead of a slow client; then it waits',
  },
  {
    file: 'src/executors/upstreams.ts',
    bound: '{firstRestMs} to {longestRestMs}',
    about: 'for which an upstream that failed rests, longer with each failure in a row, while another one answers',
  },
  {
    file: 'src/executors/fastcgi.ts',
    bound: '{mostRepeats} times',
    about: 'that a GET is sent again which a FastCGI program of ours had not answered when it ended',
  },
  {
    file: 'src/executors/fastcgi-programs.ts',
    bound: '{mostPools} programs',
    about:
      'named .fcgi that run for each folder; of those that have nothing to do, the one used longest ago ends for a new one',
  },
  {
    file: 'src/transport/fastcgi-programs/start-trouble.ts',
    bound: '{firstPauseMs} to {longestPauseMs}',
    about:
      'in which a FastCGI program that ended at its start, twice and oftener, is not tried again, and its requests fail at once',
  },
  {
    file: 'src/transport/fastcgi-programs/program.ts',
    bound: '{endMs}, {wordsMs}',
    about:
      'from the end of a FastCGI program’s connection to that of its process; from that to the end of its standard error',
  },
  {
    file: 'src/transport/fastcgi-programs/program.ts',
    bound: '{connectMs}',
    about: 'for a FastCGI program of ours to take a connection',
  },
  {
    file: 'src/transport/fastcgi-programs/pool.ts',
    bound: '{lookEveryMs}',
    about: 'between two looks whether the file of a FastCGI program has changed; then it is started afresh',
  },
  {
    file: 'src/transport/fastcgi-programs/words.ts',
    bound: '{mostLines} lines in {windowMs}',
    about: 'in the log of what a FastCGI program writes to standard error while it serves no request',
  },
  {
    file: 'src/transport/fastcgi-programs/words.ts',
    bound: '{mostLinesOfApplications} lines in {windowMs}',
    about: 'in the log of what one worker of an application prints, on each of descriptors 1 and 2',
  },
  {
    file: 'src/transport/fastcgi-programs/words.ts',
    bound: '{longestLine:Bytes}',
    about: 'of such a line',
  },
  {
    file: 'src/transport/fastcgi-programs/program.ts',
    bound: '{tailBytes}',
    about: 'of the last words of a FastCGI program, kept for the diagnosis',
  },
  {
    file: 'src/transport/pipe-reader.ts',
    bound: '{highWaterBytes}',
    about: 'of a script’s output read ahead of a slow client; then the script waits',
  },
  {
    file: 'src/transport/program-pipes.ts',
    bound: '{patienceMs} and {patienceForEachMs} for each that runs',
    about:
      'that output may be late where a program that was silent until its end the last time is so no more, and standard error always',
  },
  {
    file: 'src/transport/program-pipes.ts',
    bound: '{waitedMs}, {pipeBytes}',
    about:
      'of watching, in which output that comes is taken to have waited; of output, beyond which a program is watched the next time',
  },
  {
    file: 'src/transport/warm/launcher.ts',
    bound: '{mostForksAtOnce} workers',
    about: 'that a launcher is asked for in one message',
  },
  {
    file: 'src/transport/warm/pools.ts',
    bound: '{mostLaunchers} launchers',
    about:
      'of warm interpreters for each folder or program; scripts of further interpreters, options or variables are started afresh',
  },
  {
    file: 'src/transport/warm/pool.ts',
    bound: '{longestWaitMs}',
    about: 'that a request waits for a worker that is being forked; then it is started afresh',
  },
  {
    file: 'src/transport/warm/pool.ts',
    bound: '{mostSilences} times',
    about: 'that such a wait may be in vain with nothing forked meanwhile; then the launcher is ended',
  },
  {
    file: 'src/transport/warm/setbacks.ts',
    bound: '{startLimitMs}',
    about: 'that a launcher may take to be ready; then it is ended',
  },
  {
    file: 'src/transport/warm/setbacks.ts',
    bound: '{firstPauseMs} to {longestPauseMs}',
    about: 'after a failure of warm interpreters, in which nothing is tried again, longer from one to the next',
  },
  {
    file: 'src/transport/warm/setbacks.ts',
    bound: '{mostUnfit} times',
    about:
      'that a launcher may end of itself before it is ready; then none is started until the interpreter’s file changes',
  },
  {
    file: 'src/transport/warm/demand.ts',
    bound: '{demandMs}',
    about: 'for which the greatest number of requests at once decides how many workers wait',
  },
  {
    file: 'src/transport/warm/pool.ts',
    bound: '{mostModules} modules',
    about: 'that are learnt for each warm interpreter',
  },
  {
    file: 'src/transport/warm/pool.ts',
    bound: '{mostComplaints} lines',
    about: 'in the log of what one launcher says on standard output and error',
  },
  {
    file: 'src/transport/warm/setbacks.ts',
    bound: '{noticeEveryMs}',
    about: 'between two notices that a warm interpreter has failed',
  },
  {
    file: 'src/transport/warm/launcher.ts',
    bound: '{endGraceMs}',
    about: 'from TERM to KILL for a launcher that does not end when it should',
  },
  {
    file: 'src/transport/warm/parked.ts',
    bound: '{longestAnswerMs}',
    about: 'that a waiting Node process may take to accept a request; then it is ended, and the request runs elsewhere',
  },
  {
    file: 'src/transport/warm/parked.ts',
    bound: '{endGraceMs}',
    about: 'from TERM to KILL for a waiting Node process that does not end when it should',
  },
  {
    file: 'src/transport/warm/parked.ts',
    bound: '{longestWordsBytes}',
    about: 'in the log of what a Node process that failed before its request said on standard error',
  },
  {
    file: 'src/transport/warm/parked-interpreters.ts',
    bound: '{mostLookedAt:Bytes}',
    about: 'of a Node script’s start that are searched for the names of built-in modules',
  },
  {
    file: 'src/transport/warm/cold-notices.ts',
    bound: '{mostSaid} notices',
    about: 'that a script is started afresh, for each folder or program',
  },
  {
    file: 'src/protocol/launcher/parked-request.ts',
    bound: '{longestParkedReportBytes}',
    about: 'of a line that a waiting Node process says; then it is ended',
  },
  {
    file: 'src/protocol/launcher/lines.ts',
    bound: '{longestReportBytes}',
    about: 'of a line that a launcher reports; then it is ended',
  },
  {
    file: 'src/protocol/fastcgi/server-side.ts',
    bound: '{mostValueBytes}',
    about: 'of a FastCGI application’s answer to FCGI_GET_VALUES; then its connection is broken off',
  },
  {
    file: 'src/protocol/scgi/request.ts',
    bound: '{longestDigits} digits',
    about: 'of the length at the beginning of an SCGI request; then it is refused',
  },
  {
    file: 'src/protocol/uwsgi/packet.ts',
    bound: '{longestPacket} bytes',
    about: 'of a request’s variables in the uwsgi protocol, which can say no more',
  },
  {
    file: 'src/transport/python-cgi.ts',
    bound: '{answerMs}, {retryMs}',
    about:
      'that a Python may take to say whether it has `cgi`, once, while its first script waits; for which one that did not say is not asked again',
  },
  {
    file: 'src/gateway/gather-body.ts',
    bound: '{mostBytes:Bytes}, {endedPatienceMs}',
    about:
      'of a script’s answer that is sent in one piece with its length, a larger one as it comes; for which the end of an ended script’s output is waited',
  },
  {
    file: 'src/protocol/http/chunked-decoder.ts',
    bound: '{longestSizeLine} bytes',
    about: 'of a line between the chunks of an NPH script; then the connection is broken off',
  },
  {
    file: 'src/gateway/script-run.ts',
    bound: '{endingWaitMs}',
    about: 'after the end of a script’s output, in which its exit code or signal is waited for',
  },
  {
    file: 'src/gateway/script-run.ts',
    bound: '{lastWordsMs}',
    about: 'that a failure waits for the last words on standard error',
  },
  {
    file: 'src/gateway/diagnostics.ts',
    bound: '{longestLine:Bytes}',
    about: 'of a line of standard error in the log; a longer one is logged in pieces',
  },
  {
    file: 'src/gateway/diagnostics.ts',
    bound: '{mostLines} lines, {mostBytes} in {windowMs}',
    about: 'of the standard error of one run in the log; the rest is left out, and the log says how much',
  },
  {
    file: 'src/gateway/diagnostics.ts',
    bound: '{tailBytes}',
    about: 'of the end of standard error, kept for the diagnosis and the page',
  },
  {
    file: 'src/cli/log-stream.ts',
    bound: '{mostBufferedBytes}',
    about: 'of logs that their reader has not taken; the rest is left out, and the log says how much',
  },
  {
    file: 'src/files/static-files.ts',
    bound: '{cacheBytes}',
    about: 'of files kept in memory; those that were asked for longest ago go first',
  },
  { file: 'src/files/static-files.ts', bound: '{largestCached:Bytes}', about: 'of a file that is kept in memory' },
  {
    file: 'src/files/media-type.ts',
    bound: '{sampleBytes}',
    about: 'of a text file, read to see whether it is UTF-8',
  },
  { file: 'src/files/listing.ts', bound: '{mostEntries} entries', about: 'of a listed folder; the rest is not shown' },
  {
    file: 'src/gateway/diagnosis/inspect-script.ts',
    bound: '{lookedAtBytes}',
    about: 'of a script that failed, read for the diagnosis',
  },
  {
    file: 'src/gateway/diagnosis/ask-interpreter.ts',
    bound: '{limitMs}',
    about: 'that `postern doctor` waits for an interpreter’s answer',
  },
  {
    file: 'src/cli/run.ts',
    bound: '{lastWordsMs}',
    about: 'that `postern run` waits for standard error to end',
  },
  {
    file: 'src/cli/init-sites.ts',
    bound: '{lookMs}',
    about: 'that a language may take to say whether the site of `postern init` runs here',
  },
  {
    file: 'src/cli/wsgi.ts',
    bound: '{lastConnectionsMs}',
    about: 'without a request, before `postern wsgi` closes a socket whose file it has removed (--socket-file)',
  },
  {
    file: 'src/cli/wrap.ts',
    bound: '{longestFolder} bytes',
    about: 'of the path that `postern wrap` takes as --state-dir: the address of a Unix socket is short',
  },
  {
    file: 'src/cli/program-paths.ts',
    bound: '{versionMs}',
    about: 'that the program of `--php` may take to say what PHP it is, at the start',
  },
  {
    file: 'src/forms/multipart-guard.ts',
    bound: '{largestPreambleBytes}, {largestEpilogueBytes}, {largestPaddingBytes}',
    about:
      'of a form (`postern/forms`) before its first boundary, after its last, and of spaces that follow one; then 400',
  },
  {
    file: 'src/forms/safe-name.ts',
    bound: '{mostNameBytes}',
    about: 'of `safeName`, the name of a file in a form made safe; the middle of a longer one is left out',
  },
  {
    file: 'src/forms/set-cookie.ts',
    bound: '{longestPairBytes}, {longestAttributeBytes}',
    about: 'of name and value, and of one attribute, of a cookie that `setCookie()` writes; browsers drop longer ones',
  },
]

/** Constants that look like bounds: nothing grows up to them. */
const noBounds = {
  'src/cli/init.ts': ['mostNamed'],
  'src/cli/wrap-script.ts': ['longestLine'],
  'src/cli/wrap.ts': ['usualIdleMs'],
  'src/executors/filter.ts': ['readBytes'],
  'src/frontends/cgi-answer.ts': ['headAloneMs'],
  'src/frontends/write-answer.ts': ['headAloneMs'],
  'src/gateway/exchange.ts': ['idBytes'],
  'src/transport/fastcgi/connection.ts': ['copiedBytes'],
  'src/transport/applications/loading.ts': ['freshMs'],
  'src/transport/applications/worker-connection.ts': ['copiedBytes'],
  'src/transport/applications/memory.ts': ['pageBytes'],
  'src/protocol/application/frames.ts': ['headerBytes'],
  'src/transport/fastcgi/pool.ts': ['leastPatienceMs', 'longestPatienceMs'],
  'src/protocol/fastcgi/name-values.ts': ['longestShort', 'longestLong'],
  'src/protocol/fastcgi/record.ts': ['headerBytes', 'longestContent', 'largestRequestId'],
  'src/protocol/uwsgi/packet.ts': ['headerBytes'],
  'src/transport/fastcgi-programs/guard.ts': ['longestFolder', 'shellEndMs'],
  'src/transport/overflow.ts': ['readBytes'],
  'src/transport/pipe-reader.ts': ['mostLooks'],
  'src/transport/adopted-children.ts': ['lookEveryMs'],
  'src/transport/process-group.ts': ['lookEveryMs'],
  'src/transport/reaper.ts': ['safetyMs'],
  'src/transport/shebang-cache.ts': ['kernelBytes'],
  'src/transport/spawn-native.ts': ['actionsBytes', 'pointerBytes'],
  'src/transport/spool.ts': ['readBytes'],
  'src/transport/warm/launcher.ts': ['lossMs'],
  'src/transport/warm/leavers.ts': ['longestLine'],
  'src/transport/warm/orphan.ts': ['lookEveryMs'],
  'src/transport/warm/parked-pool.ts': ['lookEveryMs'],
  'src/transport/warm/parked-spawner.ts': ['kernelNameBytes'],
  'src/transport/warm/pool.ts': ['gatherMs'],
}

/** Rows of a table. Throws where a constant is gone, or is new. */
export function fixedBounds() {
  const unlisted = sources().flatMap((file) => {
    const listed = bounds.filter((entry) => entry.file === file).flatMap(({ bound }) => namesIn(bound))
    return [...constantsOf(file).keys()]
      .filter((name) => /^(most|longest|largest)[A-Z]|(Ms|Bytes)$/.test(name))
      .filter((name) => !listed.includes(name) && !noBounds[file]?.includes(name))
      .map((name) => `${name} in ${file}`)
  })
  if (unlisted.length > 0) {
    throw new Error(
      `scripts/fixed-bounds.mjs must say what these bound, or that they bound nothing: ${unlisted.join(', ')}`,
    )
  }
  return bounds.map(
    ({ file, bound, about }) => `| ${filled(bound, file)} | ${about} | [${file.split('/').at(-1)}](../${file}) |`,
  )
}

function filled(bound, file) {
  const constants = constantsOf(file)
  return bound.replace(placeholder, (_, name, unit) => {
    const value = constants.get(name)
    if (value === undefined)
      throw new Error(`scripts/fixed-bounds.mjs: there is no constant ${name} in ${file} any more`)
    const kind = unit ?? /(Ms|Bytes)$/.exec(name)?.[1]
    return kind === 'Ms' ? duration(value) : kind === 'Bytes' ? size(value) : value.toLocaleString('en')
  })
}

const placeholder = /\{(\w+)(?::(Bytes))?\}/g

function namesIn(bound) {
  return [...bound.matchAll(placeholder)].map((match) => match[1])
}

/** Those of the whole file that are a number, or a product of numbers. */
function constantsOf(file) {
  const numeric = /^(?:export )?const (\w+)(?:: number)? = ([\d_]+(?: \* [\d_]+)*)$/gm
  return new Map(
    [...readFileSync(join(root, file), 'utf8').matchAll(numeric)].map(([, name, product]) => [
      name,
      product.split(' * ').reduce((value, factor) => value * Number(factor.replaceAll('_', '')), 1),
    ]),
  )
}

function sources() {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name}`)
    .sort()
}

function duration(ms) {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`
}

function size(bytes) {
  if (bytes % 1024 ** 2 === 0) return `${bytes / 1024 ** 2} MiB`
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`
}
