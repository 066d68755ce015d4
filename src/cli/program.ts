// The commands and their flags, on commander.

import { Command, InvalidArgumentError, Option } from 'commander'
import { flagOf, limitNames, limits, parseLimit, type LimitName } from '../config/limits.ts'
import { parseDuration } from '../config/units.ts'
import { applicationLimits, gunicornFlags } from './application-words.ts'
import { bridgeCommand, type BridgeFlags } from './bridge.ts'
import { doctor } from './doctor.ts'
import { initCommand, type InitFlags } from './init.ts'
import { languages } from './init-sites.ts'
import { runOnce, type RunFlags } from './run.ts'
import { serveCommand, type ServeFlags } from './serve.ts'
import { wrapCommand, type WrapFlags } from './wrap.ts'
import { wsgiCommand, type WsgiFlags } from './wsgi.ts'

const version = '0.1.0'

export function program(): Command {
  const postern = new Command('postern')
    .description('Runs CGI programs behind a web server, safely and fast.')
    .version(version)
    .configureOutput({ outputError: (text, write) => write(`postern: ${text.replace(/^error: /, '')}`) })
    .showSuggestionAfterError(true)
    .exitOverride()

  const serve = subcommand(postern, 'serve')
    .description('serve the files of a folder and run the CGI programs in it')
    .argument('[dir]', 'the folder', '.')
    .optionsGroup('Files:')
    .option('--index <name>', 'a file name tried in folders (repeatable)', collect)
    .option('--listing', 'list folders without an index')
    .option('--link-root <dir>', 'a folder outside into which links may lead (repeatable)', collect)
    .option('--sendfile-root <dir>', 'a folder out of which scripts may have files sent (repeatable)', collect)
    .option('--accel <location=dir>', 'a location of X-Accel-Redirect and its folder (repeatable)', collect)
    .optionsGroup('Programs:')
    .option('--authorizer <program>', 'who says who may pass (FastCGI 6.3): a CGI program, or fastcgi:ADDRESS')
    .option('--untyped <how>', 'a script’s body without Content-Type: refuse or plain', 'refuse')
    .option('--encoded-slashes <how>', '%2F in PATH_INFO: refuse or decode', 'refuse')
    .option('--search-words', 'words of ?one+two become arguments (RFC 3875 4.4)')
    .addOption(
      new Option('--warm <how>', 'Python, Perl and Node scripts run in processes started ahead')
        .choices(['on', 'off'])
        .default('on'),
    )
    .option('--preload <module>', 'a module of the site’s own that warm interpreters load ahead (repeatable)', collect)
    .option(
      '--php <how>',
      'what runs .php files: on (php-cgi in PATH), off, the path of php-cgi, or fastcgi:ADDRESS (php-fpm)',
      'on',
    )
    .option('--php-ini <name=value>', 'a setting of php-cgi, over php.ini (repeatable)', collect)
    .addHelpText('after', serveExamples)
    .action((dir: string, flags: ServeFlags) => serveCommand(dir, flags))
  scriptFlags(serve)
  addressFlags(serve)
  listenerFlags(serve)
  limitFlags(serve, siteLimits)

  const bridge = subcommand(postern, 'bridge')
    .description('take requests in by one interface and have them answered by another')
    .optionsGroup('Its two sides:')
    .option(
      '--from <kind:address>',
      'who asks: cgi, or http, fastcgi, scgi, uwsgi and where to listen (repeatable)',
      collect,
    )
    .option(
      '--to <kind:address>',
      'who answers: process, warm, or fastcgi, scgi, uwsgi, http and where (repeatable)',
      collect,
    )
    .optionsGroup('Of who answers:')
    .option('--root <dir>', 'the folder: of programs for process and warm, of PHP files for fastcgi')
    .option('--remote-root <dir>', 'the same folder as the FastCGI application sees it')
    .option('--link-root <dir>', 'with --root: a folder outside it into which links may lead (repeatable)', collect)
    .option(
      '--extension <.ext>',
      'what names of files for the FastCGI application end in (repeatable; default: .php)',
      collect,
    )
    .option('--modifier1 <number>', 'of uwsgi: which plugin answers (default: 0)', parseByte)
    .option('--modifier2 <number>', 'of uwsgi (default: 0)', parseByte)
    .option('--upstream-host <name>', 'what Host says to http: client, upstream or a name (default: client)')
    .optionsGroup('Programs:')
    .option('--untyped <how>', 'a body without Content-Type: refuse or plain (default: refuse, for http plain)')
    .option('--encoded-slashes <how>', '%2F in PATH_INFO: refuse or decode (default: decode for upstreams)')
    .option('--search-words', 'words of ?one+two become arguments (RFC 3875 4.4)')
    .option('--preload <module>', 'a module of the site’s own that warm interpreters load ahead (repeatable)', collect)
    .addHelpText('after', bridgeExamples)
    .action(async (flags: BridgeFlags) => {
      process.exitCode = await bridgeCommand(flags)
    })
  scriptFlags(bridge)
  listenerFlags(bridge)
  limitFlags(bridge, siteLimits)

  const wsgi = subcommand(postern, 'wsgi').description('serve a Python web application (PEP 3333)')
  applicationFlags(wsgi, 'one for each core; one with --reload')
    .option('--mount <path>', 'where the application begins: its SCRIPT_NAME (default: /)')
    .option('--front-mounts', 'it begins behind the SCRIPT_NAME of the web server in front')
    .option('--static </url/=dir>', 'files of a folder, sent without the application (repeatable)', collect)
    .option('--exit-when-idle <duration>', 'end when there has been no request for so long', parseIdle)
    .option('--socket-file <path>', 'the file of a socket that was handed over (fd:N), to be removed at the end')
    .action((application: string, flags: WsgiFlags) => wsgiCommand(application, flags))
  addressFlags(wsgi)
  listenerFlags(wsgi)
  limitFlags(wsgi, wsgiLimits, { maxRequests: '0' }, applicationLimits)
  gunicornFlags(wsgi)
  wsgi.addHelpText(
    'after',
    `
Examples:
  postern wsgi app:app --reload
  postern wsgi mysite.wsgi --chdir /srv/mysite --venv /srv/mysite/.venv --workers 4 --static /static/=/srv/mysite/static
  postern wsgi app:app --listen uwsgi:unix:/run/app.sock --prod`,
  )

  const wrap = subcommand(postern, 'wrap').description(
    'write a CGI script behind which a Python web application stays loaded (PEP 3333)',
  )
  applicationFlags(wrap, '2')
    .option('--mount <path>', 'where the application begins, if not at the script (default: its SCRIPT_NAME)')
    .optionsGroup('The script and its server:')
    .option('--pass-variable <name>', 'a variable of the web server that the application sees (repeatable)', collect)
    .option(
      '--pass-env <name>',
      'a variable of its environment that the server gets when it is started (repeatable)',
      collect,
    )
    .option('--exit-when-idle <duration>', 'end when there has been no request for so long (default: 10m)', parseIdle)
    .option('--state-dir <dir>', 'the folder of socket and log, of mode 0700 (default: /tmp/postern-wrap-UID)')
    .option('--dev', 'error pages with the cause; Host is an address, localhost or an allowed name')
  nameFlags(wrap)
  wrap.action((application: string, flags: WrapFlags, command: Command) => {
    process.stdout.write(wrapCommand(application, flags, givenFlags(command)))
  })
  limitFlags(wrap, wrapLimits, { maxRequests: '0', queueTimeout: '60s' }, applicationLimits)

  const run = subcommand(postern, 'run')
    .description('do one request to a script without a server, and show all of it')
    .argument('<script>', 'the script')
    .option('--method <method>', 'the request’s method (default GET, or POST with a body)')
    .option('--path-info <path>', 'what follows the script in the path', '')
    .option('--query <query>', 'the query, without "?"', '')
    .option('--header <field>', 'a field, "Name: value" (repeatable)', collect)
    .option('--body <text>', 'the body: text, or @file, or @- for standard input')
    .option('--search-words', 'words of a query without "=" become arguments (RFC 3875 4.4)')
    .action(async (script: string, flags: RunFlags) => {
      process.exitCode = await runOnce(script, flags, process.stdout)
    })
  scriptFlags(run)
  limitFlags(run, [
    'firstByteTimeout',
    'idleTimeout',
    'totalTimeout',
    'killGrace',
    'backgroundGrace',
    'maxResponseHead',
  ])

  subcommand(postern, 'init')
    .description('make a small site that runs at once: a guest book')
    .argument('[dir]', 'the folder, a new one or an empty one', '.')
    .addOption(new Option('--language <name>', 'its language (default: the first that runs here)').choices(languages))
    .action((dir: string, flags: InitFlags) => initCommand(dir, flags, process.stdout))

  subcommand(postern, 'doctor')
    .description('say why a script would fail, without running it')
    .argument('<file...>', 'the scripts')
    .action(async (files: string[]) => {
      process.exitCode = await doctor(files, process.stdout)
    })
  return postern
}

const serveExamples = `
Examples:
  postern serve site                                  http://127.0.0.1:8080/, pretty logs on a terminal
  postern serve site --php fastcgi:unix:/run/php.sock --host 0.0.0.0 --port 80 --allowed-hosts www.example.org
  postern serve site --listen fastcgi:unix:/run/postern.sock --socket-owner :www-data     behind nginx or Apache`

const bridgeExamples = `
Examples:
  postern bridge --from fastcgi:unix:/run/cgi.sock --to process --root site               what fcgiwrap does
  postern bridge --from http:127.0.0.1:8080 --to uwsgi:127.0.0.1:3031
  postern bridge --from cgi --to scgi:127.0.0.1:4000                                       in a script of a CGI server`

function subcommand(parent: Command, name: string): Command {
  return parent.command(name).exitOverride()
}

/** What a Python application is, and how it is run. */
function applicationFlags(command: Command, workers: string): Command {
  return command
    .argument(
      '<module:app>',
      'the application, such as app:application; MODULE alone, FILE.py:NAME or MODULE:factory()',
    )
    .optionsGroup('Workers:')
    .option('--workers <number>', `processes (default: ${workers})`, parseNumber)
    .option('--threads <number>', 'requests that one worker answers at once (default: 1)', parseNumber)
    .option('--python <path>', 'the interpreter (default: of $VIRTUAL_ENV, or python3 in PATH)')
    .option('--venv <dir>', 'the virtual environment')
    .option('--chdir <dir>', 'the working folder, where modules are looked for first')
    .option('--env <name=value>', 'a variable of the workers’ environment (repeatable)', collect)
    .optionsGroup('The application:')
    .option('--preload', 'load the application once, and fork workers from there')
    .option('--reload', 'when a file of the application has changed, the next request is answered by the new one')
    .option('--lint', 'report breaches of PEP 3333, with file and line')
    .option('--pass-field <name>', 'a field with an odd name that the application sees (repeatable)', collect)
    .option('--sendfile-root <dir>', 'a folder out of which it may have files sent by X-Sendfile (repeatable)', collect)
}

function addressFlags(command: Command): void {
  command
    .optionsGroup('Where it listens:')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--port <number>', 'the port; 0 takes a free one', parsePort, 8080)
    .addOption(
      new Option(
        '--listen <kind:address>',
        'where to listen instead (repeatable): http, fastcgi, scgi or uwsgi, and unix:PATH, HOST:PORT, fd:N or systemd',
      )
        .argParser(collect)
        .conflicts(['host', 'port']),
    )
}

/** What the commands that listen share. */
function listenerFlags(command: Command): void {
  command
    .optionsGroup('Sockets, and who may connect:')
    .option('--socket-mode <octal>', 'mode of the files of Unix sockets (default: 0660)')
    .option('--socket-owner <[user][:group]>', 'owner of the files of Unix sockets')
    .option(
      '--allow-peer <cidr>',
      'a web server that may connect by fastcgi, scgi or uwsgi (repeatable; default: this machine)',
      collect,
    )
    .option('--pass-variable <name>', 'a variable of the web server in front that scripts see (repeatable)', collect)
    .optionsGroup('Pages, logs and names:')
    .addOption(
      new Option(
        '--dev',
        'pretty log, error pages with the cause; Host is an address, localhost or an allowed name (default on a terminal)',
      ).conflicts('prod'),
    )
    .option('--prod', 'plain error pages, logs for machines (default elsewhere)')
    .addOption(new Option('--access-log <format>', 'the access log').choices(['off', 'common', 'combined', 'json']))
  nameFlags(command)
}

function nameFlags(command: Command): void {
  command
    .option('--server-name <name>', 'SERVER_NAME, whatever Host says')
    .option(
      '--allowed-hosts <names>',
      'names that Host may say: a.example,.b.example (default: all; see --dev)',
      splitNames,
    )
    .option('--trusted-proxy <cidr>', 'believe X-Forwarded-For and -Proto from there (repeatable)', collect)
}

function scriptFlags(command: Command): void {
  command
    .option('--env <name=value>', 'a variable for every script (repeatable)', collect)
    .option('--pass-env <name>', 'a variable of this environment that scripts see (repeatable)', collect)
    .option('--pass-authorization', 'scripts see Authorization')
    .option('--pass-field <name>', 'a field with an odd name that scripts see (repeatable)', collect)
    .addOption(
      new Option(
        '--python-cgi <on|off>',
        'lend cgi and cgitb to scripts whose Python lacks them (default: on)',
      ).choices(['on', 'off']),
    )
}

const siteLimits = limitNames.filter((name) => limits[name].of !== 'worker')

/** What a worker of an application has. */
const wsgiLimits = limitNames
  .filter((name) => ['script', 'worker', 'gateway', 'server'].includes(limits[name].of) && name !== 'maxRunning')
  .concat('maxRequests', 'killGrace')

const wrapLimits = wsgiLimits.filter((name) => limits[name].of !== 'server')

/** The flags of a command line, each in one word. */
function givenFlags(command: Command): ReadonlyMap<string, readonly string[]> {
  const given = command.options.flatMap((option): (readonly [string, readonly string[]])[] => {
    const name = option.attributeName()
    const value: unknown = command.getOptionValueSource(name) === 'cli' ? command.getOptionValue(name) : undefined
    if (value === undefined) return []
    if (typeof value === 'boolean') return [[name, [`${option.long}`]]]
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    return [[name, values.map((each) => `${option.long}=${String(each)}`)]]
  })
  return new Map(given)
}

function limitFlags(
  command: Command,
  names: readonly LimitName[],
  defaults: { readonly [Name in LimitName]?: string } = {},
  words: { readonly [Name in LimitName]?: string } = {},
): void {
  command.optionsGroup('Limits:')
  for (const name of names) {
    const { about, kind, default: usual } = limits[name]
    const value = defaults[name] ?? usual
    const option = new Option(
      `${flagOf(name)} <${kind === 'grace' ? 'duration' : kind}>`,
      `${words[name] ?? about} (default: ${value})`,
    )
    command.addOption(option.argParser((text: string) => limitFlag(name, text)))
  }
}

function limitFlag(name: LimitName, text: string): number {
  try {
    return parseLimit(name, text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
  }
}

function parseIdle(text: string): number {
  const duration = parseDuration(text)
  if (duration === undefined) throw new InvalidArgumentError('It is a duration such as 10m, or off.')
  return duration
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('It is a number from 0 to 65535.')
  return port
}

function parseByte(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw new InvalidArgumentError('It is a number from 0 to 255.')
  return Number(text)
}

function parseNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It is a number from 1 to 1024.')
  return Number(text)
}

function splitNames(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((name) => name.trim())]
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
