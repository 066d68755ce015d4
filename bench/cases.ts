/** The cases of files and programs: what is asked for, what the answer must be, and what has to be installed for it. */
import { spawnSync } from 'node:child_process'
import type { Case } from './case.ts'
import { phpFpmUnavailable } from './php-fpm.ts'
import { blobFile, helloFile, pageFile, type StaticFile } from './static-files.ts'

/** fcgiwrap has a process for each of them. */
const load = { connections: 8, rate: { kind: 'requests' } } as const

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
    ...load,
  },
]

function staticCase(name: string, title: string, file: StaticFile): Case {
  return {
    name,
    title,
    path: file.name,
    unavailable: () => undefined,
    isRight: (body) => body.equals(file.bytes),
    ...load,
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
    ...load,
  }
}
