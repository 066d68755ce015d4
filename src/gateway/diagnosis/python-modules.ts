// Modules that Python has lost, and what serves instead. Data of "What's New in Python" 3.10 to 3.13; no I/O.

/** The module, and the version that came without it. */
export const removedModules: ReadonlyMap<string, string> = new Map([
  ...versions('3.10', 'formatter parser symbol'),
  ...versions('3.11', 'binhex'),
  ...versions('3.12', 'asynchat asyncore distutils imp smtpd'),
  ...versions('3.13', 'aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes'),
  ...versions('3.13', 'sndhdr spwd sunau telnetlib uu xdrlib'),
])

/** Names that only Python 2 had. */
export const python2Modules: ReadonlySet<string> = new Set(
  (
    'BaseHTTPServer CGIHTTPServer ConfigParser Cookie HTMLParser Queue SimpleHTTPServer SocketServer StringIO ' +
    '__builtin__ anydbm cPickle cStringIO commands cookielib htmlentitydefs httplib md5 robotparser sets sha ' +
    'thread urllib2 urlparse xmlrpclib'
  ).split(' '),
)

/** Those that Postern brings to Pythons without them: launchers/python-cgi. */
export const broughtModules: ReadonlySet<string> = new Set(['cgi', 'cgitb'])

/** Packages that bring a module back under its old name. */
const packages: ReadonlyMap<string, string> = new Map([
  ['cgi', 'legacy-cgi'],
  ['cgitb', 'legacy-cgi'],
  ['asyncore', 'pyasyncore'],
  ['asynchat', 'pyasynchat'],
  ['audioop', 'audioop-lts'],
  ['distutils', 'setuptools'],
  ...'aifc chunk crypt imghdr mailcap nntplib pipes smtpd sndhdr sunau telnetlib uu xdrlib'
    .split(' ')
    .map((name): [string, string] => [name, `standard-${name}`]),
])

const rewrites: Readonly<Record<string, string>> = {
  cgi: 'Or write it anew: `urllib.parse.parse_qs(os.environ["QUERY_STRING"])` for a query, `html.escape` for `cgi.escape`.',
  cgitb: "Or leave it out: what Python says of an exception is in the log, and on this server's error page with --dev.",
  crypt: 'Or use a package for passwords, such as `bcrypt`.',
  imp: 'Use `importlib` instead: `importlib.import_module(name)`.',
  pipes: 'Or use `shlex.quote` for `pipes.quote`.',
  asyncore: 'Or write it anew with `asyncio`.',
}

export function removedModuleMend(module: string): string {
  const name = packages.get(module)
  const install = name === undefined ? '' : `Install it again: \`python3 -m pip install ${name}\`.`
  const rewrite = rewrites[module] ?? (name === undefined ? `Do without it: nothing brings "${module}" back.` : '')
  const brought = broughtModules.has(module)
    ? `Postern brings its own "${module}" to scripts whose #! line names Python: run them without --python-cgi off, and without -E or -I on that line. Or install a package: \`python3 -m pip install ${name}\`.`
    : install
  return `${brought} ${rewrite}`.trim()
}

function versions(version: string, modules: string): [string, string][] {
  return modules.split(' ').map((module) => [module, version])
}
