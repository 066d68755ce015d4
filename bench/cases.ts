/** The cases: what is asked for, what the answer must be, and what has to be installed for it. */
import { spawnSync } from 'node:child_process'
import { phpFpmUnavailable } from './php-fpm.ts'
import { blobFile, helloFile, pageFile, type StaticFile } from './static-files.ts'

export interface Case {
  /** As in `--only`; a first part selects the group: `static`, `perl`, `python`. */
  readonly name: string
  readonly title: string
  readonly path: string
  /** Why the case cannot run here. */
  readonly unavailable: () => string | undefined
  readonly isRight: (body: Buffer) => boolean
  /** Servers that cannot do it at all. */
  readonly notBy?: readonly string[]
}

export const cases: readonly Case[] = [
  staticCase('static-6b', 'static, 6 bytes', helloFile),
  staticCase('static-10k', 'static, 10 KiB', pageFile),
  staticCase('static-1m', 'static, 1 MiB', blobFile),
  programCase('c', 'CGI, compiled C', 'hello', 'hello from C', ['gcc', '--version']),
  programCase('sh', 'CGI, sh', 'hello.sh', 'hello from sh', ['/bin/sh', '-c', 'true']),
  programCase('perl', 'CGI, Perl', 'hello.pl', 'hello from Perl', ['/usr/bin/perl', '-e', '1']),
  programCase('perl-cgi-pm', 'CGI, Perl with CGI.pm', 'cgi-pm.pl?name=Ada', 'Hello, Ada!', [
    '/usr/bin/perl',
    '-MCGI',
    '-MJSON::PP',
    '-e',
    '1',
  ]),
  programCase('python', 'CGI, Python', 'hello.py', 'hello from Python', ['/usr/bin/python3', '-c', '']),
  programCase('python-app', 'CGI, Python application', 'app.py?name=Ada', 'Hello, Ada!', [
    '/usr/bin/python3',
    '-c',
    'import sqlite3',
  ]),
  {
    name: 'php',
    title: 'FastCGI, PHP over php-fpm',
    path: 'hello.php',
    unavailable: phpFpmUnavailable,
    isRight: (body) => body.includes('hello from PHP'),
    notBy: ['go'],
  },
]

function staticCase(name: string, title: string, file: StaticFile): Case {
  return {
    name,
    title,
    path: file.name,
    unavailable: () => undefined,
    isRight: (body) => body.equals(file.bytes),
  }
}

function programCase(
  name: string,
  title: string,
  path: string,
  text: string,
  [command, ...args]: readonly [string, ...string[]],
): Case {
  return {
    name,
    title,
    path: `cgi-bin/${path}`,
    unavailable: () =>
      spawnSync(command, args, { stdio: 'ignore' }).status === 0 ? undefined : `${[command, ...args].join(' ')} fails`,
    isRight: (body) => body.includes(text),
  }
}
