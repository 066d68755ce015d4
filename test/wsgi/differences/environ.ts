// Differences in environ.

import type { Section } from './difference.ts'

export const environ: Section = {
  title: 'What an application is told',
  differences: [
    {
      what: 'Absolute form of the target (`GET http://host/path`)',
      rule: 'its host is HTTP_HOST, its path PATH_INFO',
      servers: { gunicorn: 'Host is believed', uwsgi: 'the whole URL is PATH_INFO', waitress: 'Host is believed' },
      why: 'RFC 9112 3.2.2: the Host field must be ignored there.',
      seen: [
        ['gunicorn', 'variable HTTP_HOST', 'first.example', 'environ: absolute-form'],
        ['uwsgi', 'variable PATH_INFO', 'http://other.example/a/b', 'environ: absolute-form'],
        ['uwsgi', 'variable HTTP_HOST', 'first.example', 'environ: absolute-form'],
        ['waitress', 'variable HTTP_HOST', 'first.example', 'environ: absolute-form'],
      ],
    },
    {
      what: 'Spaces after the value of a field',
      rule: 'not part of it',
      servers: { gunicorn: 'kept', uwsgi: 'kept' },
      why: 'RFC 9110 5.5: they are excluded before the value is used.',
      seen: [
        ['gunicorn', 'variable HTTP_X_ONE_TWO', 'a  b  ', 'environ: field'],
        ['uwsgi', 'variable HTTP_X_ONE_TWO', 'a  b  ', 'environ: field'],
      ],
    },
    {
      what: 'Cookie sent more than once',
      rule: 'joined with `; `',
      servers: { gunicorn: 'joined with `,`', uwsgi: 'joined with `, `', waitress: 'joined with `, `' },
      why: 'RFC 6265 5.4: no application splits cookies at a comma.',
      seen: [
        ['gunicorn', 'variable HTTP_COOKIE', 'a=1,b=2', 'environ: cookies'],
        ['uwsgi', 'variable HTTP_COOKIE', 'a=1, b=2', 'environ: cookies'],
        ['waitress', 'variable HTTP_COOKIE', 'a=1, b=2', 'environ: cookies'],
      ],
    },
    {
      what: 'A request head of more than 4 KiB',
      rule: 'taken',
      servers: { uwsgi: 'the connection is closed' },
      why: 'uWSGI’s buffer is 4,096 bytes unless `buffer-size` says more; cookies alone may be 4 KiB.',
      seen: [['uwsgi', 'status', 'nothing', 'environ: long field']],
    },
    {
      what: 'The field Proxy',
      rule: 'never HTTP_PROXY',
      servers: { gunicorn: 'HTTP_PROXY', uwsgi: 'HTTP_PROXY', waitress: 'HTTP_PROXY' },
      why: 'CVE-2016-1000110: a library takes HTTP_PROXY for the setting of that name.',
      seen: [
        ['gunicorn', 'variable HTTP_PROXY', 'http://evil.example/', 'environ: proxy'],
        ['uwsgi', 'variable HTTP_PROXY', 'http://evil.example/', 'environ: proxy'],
        ['waitress', 'variable HTTP_PROXY', 'http://evil.example/', 'environ: proxy'],
      ],
    },
    {
      what: 'A field with an underscore in its name',
      rule: 'not passed on',
      servers: { gunicorn: 'passed on, joined to the other', uwsgi: 'passed on, joined to the other' },
      why: 'CVE-2015-0219: a proxy in front may have checked the one with the dash, and they become one variable.',
      seen: [
        ['gunicorn', 'variable HTTP_X_ONE', 'evil', 'environ: underscore alone'],
        ['gunicorn', 'variable HTTP_X_ONE', 'good,evil', 'environ: underscore and dash'],
        ['uwsgi', 'variable HTTP_X_ONE', 'evil', 'environ: underscore alone'],
        ['uwsgi', 'variable HTTP_X_ONE', 'good, evil', 'environ: underscore and dash'],
      ],
    },
    {
      what: 'The field `Content_Length`',
      rule: 'not passed on',
      servers: { gunicorn: 'HTTP_CONTENT_LENGTH', uwsgi: 'it is CONTENT_LENGTH' },
      why: 'The same: it would be a length that no body has.',
      seen: [
        ['gunicorn', 'variable HTTP_CONTENT_LENGTH', '7', 'environ: forged length'],
        ['uwsgi', 'variable CONTENT_LENGTH', '7', 'environ: forged length'],
      ],
    },
    {
      what: '`X-Forwarded-Proto: https` of any client',
      rule: 'not believed, unless it is a trusted proxy’s',
      servers: { gunicorn: 'believed from 127.0.0.1', uwsgi: 'believed' },
      why: 'A client would choose wsgi.url_scheme. gunicorn trusts 127.0.0.1 as it comes, uWSGI everybody.',
      seen: [
        ['gunicorn', 'variable wsgi.url_scheme', 'https', 'environ: forged scheme'],
        ['uwsgi', 'variable wsgi.url_scheme', 'https', 'environ: forged scheme'],
      ],
    },
    {
      what: 'wsgi.multithread and wsgi.multiprocess',
      rule: 'true to the settings',
      servers: { waitress: 'always one process, always threads' },
      why: 'waitress has no processes, and always says that it has threads.',
      seen: [
        ['waitress', 'fact multithread', 'True', 'environ: processes'],
        ['waitress', 'fact multiprocess', 'False', 'environ: processes'],
      ],
    },
    {
      what: 'A path that only begins like the mount (`/mounted` for `/mount`)',
      rule: '404',
      servers: {
        gunicorn: 'given to the application, as `ed`',
        uwsgi: 'given to the application',
        waitress: 'given to the application',
      },
      why: 'It is another path. gunicorn cuts SCRIPT_NAME off as text; uWSGI and waitress give the whole path to the application.',
      seen: [
        ['gunicorn', 'status', '200', 'environ: beside the mount'],
        ['uwsgi', 'status', '200', 'environ: beside the mount'],
        ['waitress', 'status', '200', 'environ: beside the mount'],
      ],
    },
  ],
}
