"""`--lint`: breaches of PEP 3333 are reported on wsgi.errors, with the application's file and line. Nothing is refused here,
and the application's calls go on as they are."""

import functools
import inspect
import sys

from .file_wrapper import FileWrapper
from .head import NOT_THE_APPLICATIONS, STATUS, TOKEN, shown
from .trace import OWN_FILES

NEEDED = 'REQUEST_METHOD SCRIPT_NAME PATH_INFO SERVER_NAME SERVER_PORT wsgi.version wsgi.input wsgi.errors'.split()

# How often a body may say that it is at its end.
MOST_ENDS = 3


def linted(application):
    place = place_of(application)

    def checked(environ, start_response):
        report = Report(environ['wsgi.errors'], place)
        exchange = Exchange(report, environ, start_response)
        environ['wsgi.input'] = LintedInput(environ['wsgi.input'], report)
        environ['wsgi.errors'] = LintedErrors(environ['wsgi.errors'], report)
        result = application(environ, exchange.start_response)
        check_environ(environ, report)
        return exchange.checked(result)

    return checked


class Report:
    def __init__(self, errors, place):
        self.errors = errors
        self.place = place

    def here(self, what):
        """Of a call that the application makes at this moment."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename.startswith(OWN_FILES):
            frame = frame.f_back
        self.say(what, '%s:%d' % (frame.f_code.co_filename, frame.f_lineno) if frame is not None else self.place)

    def say(self, what, place=None):
        self.errors.write('PEP 3333: %s (%s)\n' % (what, place or self.place))


def place_of(thing):
    """Where an application is written."""
    for _ in range(100):
        if isinstance(thing, functools.partial):
            thing = thing.func
        elif hasattr(thing, '__wrapped__'):
            thing = thing.__wrapped__
        elif inspect.ismethod(thing):
            thing = thing.__func__
        else:
            break
    code = getattr(thing, '__code__', None)
    if code is None:
        method = '__init__' if inspect.isclass(thing) else '__call__'
        owner = thing if inspect.isclass(thing) else type(thing)
        code = getattr(inspect.unwrap(getattr(owner, method, None)), '__code__', None)
    if code is None:
        return '%s.%s' % (getattr(type(thing), '__module__', '?'), type(thing).__name__)
    return '%s:%d' % (code.co_filename, code.co_firstlineno)


class Exchange:
    """One request: what the application calls, and what it returns."""

    def __init__(self, report, environ, start_response):
        self.report = report
        self.real = start_response
        self.is_head = environ.get('REQUEST_METHOD') == 'HEAD'
        self.is_started = False
        self.is_sending = False
        self.is_over = False
        self.length = None
        self.has_no_body = self.is_head
        self.sent = 0

    def start_response(self, *arguments, **named):
        here = self.report.here
        if named:
            here('start_response() takes positional arguments, not %s' % ', '.join(named))
        if not 2 <= len(arguments) <= 3:
            here('start_response() takes two or three arguments, not %d' % len(arguments))
        exc_info = arguments[2] if len(arguments) > 2 else named.get('exc_info')
        if exc_info is not None and not (isinstance(exc_info, tuple) and len(exc_info) == 3):
            here('exc_info must be the tuple of sys.exc_info(), not %s' % shown(exc_info))
        if self.is_over:
            here('start_response() was called after the answer had ended')
        elif self.is_sending and not exc_info:
            here('start_response() was called after the iteration had begun to yield')
        elif self.is_started and not exc_info:
            here('start_response() was called a second time, without exc_info')
        status = arguments[0] if arguments else named.get('status')
        headers = arguments[1] if len(arguments) > 1 else named.get('headers', named.get('response_headers'))
        self.is_started = True
        self.check_status(status)
        self.check_headers(status, headers)
        write = self.real(*arguments, **named)

        def checked_write(data):
            if not isinstance(data, bytes):
                self.report.here('write() takes bytes, not %s' % type(data).__name__)
            elif self.is_over:
                self.report.here('write() was called after the answer had ended')
            else:
                self.count(data)
            return write(data)

        return checked_write

    def check_status(self, status):
        here = self.report.here
        if type(status) is not str:
            here('the status must be a str, not %s' % shown(status))
        elif STATUS.fullmatch(status) is None:
            here("the status must be like '200 OK', not %s" % shown(status))
        elif status[4:].strip() != status[4:] or len(status) == 4:
            here('the status has no reason, or blanks around it: %s' % shown(status))
        elif status[0] == '1':
            here('the status %s is no final one' % shown(status))

    def check_headers(self, status, headers):
        here = self.report.here
        if type(headers) is not list:
            return here('the headers must be a list, not %s' % type(headers).__name__)
        seen = {}
        for field in headers:
            if type(field) is not tuple or len(field) != 2:
                here('each header must be a tuple (name, value), not %s' % shown(field))
            elif type(field[0]) is not str or type(field[1]) is not str:
                here('the name and the value of a header must be str: %s' % shown(field))
            else:
                self.check_field(*field)
                seen[field[0].lower()] = field[1]
        is_bodyless = isinstance(status, str) and status[:3] in ('204', '304')
        if is_bodyless and 'content-type' in seen:
            here('Content-Type with %s, which has no body' % status)
        if isinstance(status, str) and not is_bodyless and status[:1] != '1' and 'content-type' not in seen:
            here('there is no Content-Type')
        self.has_no_body = self.is_head or is_bodyless
        length = seen.get('content-length', '')
        self.length = int(length) if length.isdecimal() else None
        if length and self.length is None:
            here('Content-Length is no number: %s' % shown(length))
        if is_bodyless and status[:3] == '204' and length:
            here('Content-Length with 204, which has no body')

    def check_field(self, name, value):
        here = self.report.here
        if TOKEN.fullmatch(name) is None:
            here('%s cannot be the name of a header' % shown(name))
        elif name.lower() == 'status':
            here('the header Status is CGI, not WSGI: the status is the first argument')
        elif name.lower() in NOT_THE_APPLICATIONS:
            here('the header %s is hop-by-hop, which an application may not send' % name)
        if any(character < ' ' or character == '\x7f' for character in value):
            here('the value of the header %s holds a control character: %s' % (name, shown(value)))
        if any(character > '\xff' for character in name + value):
            here('the header %s holds what is no character of latin-1: %s' % (shown(name), shown(value)))

    def count(self, data):
        self.is_sending = self.is_sending or bool(data)
        self.sent += len(data)

    def check_chunk(self, chunk, place):
        if type(chunk) is not bytes:
            self.report.say('the application must yield bytes, not %s' % shown(chunk), place)
        else:
            self.count(chunk)
        if not self.is_started:
            self.report.say('the first chunk was yielded before start_response() was called', place)
            self.is_started = True

    def end(self, place):
        self.is_over = True
        if not self.is_started:
            self.report.say('start_response() was not called', place)
        elif self.length is not None and not self.has_no_body and self.sent != self.length:
            self.report.say('Content-Length is %d, but the body has %d bytes' % (self.length, self.sent), place)
        elif self.has_no_body and self.sent and not self.is_head:
            self.report.say('there is a body with a status that has none', place)

    def checked(self, result):
        """What the application has returned. Lists, tuples and file wrappers stay what they are, for the worker's sake."""
        say = self.report.say
        if isinstance(result, (str, bytes)):
            say('a %s was returned, which is iterated one by one: return [body]' % type(result).__name__)
            return result
        if type(result) in (list, tuple):
            for chunk in result:
                self.check_chunk(chunk, None)
            self.end(None)
            return result
        if isinstance(result, FileWrapper):
            return result
        if not hasattr(result, '__iter__') and not hasattr(result, '__getitem__'):
            say('what was returned is no iterable: %s' % shown(result))
            return result
        if hasattr(result, 'close') and not callable(result.close):
            say('close of what was returned cannot be called: %s' % shown(result))
        return (LintedLengthy if hasattr(result, '__len__') else LintedIterable)(result, self)


class LintedIterable:
    def __init__(self, iterable, exchange):
        self.iterable = iterable
        self.exchange = exchange
        self.iterator = None
        self.is_closed = False
        if hasattr(iterable, 'close'):
            self.close = self.close_it

    def place(self):
        for generator in (self.iterator, self.iterable):
            code = getattr(generator, 'gi_code', None)
            if code is not None:
                frame = generator.gi_frame
                return '%s:%d' % (code.co_filename, frame.f_lineno if frame is not None else code.co_firstlineno)
        method = getattr(type(self.iterable), '__next__', None) or getattr(type(self.iterable), '__iter__', None)
        code = getattr(method, '__code__', None)
        return '%s:%d' % (code.co_filename, code.co_firstlineno) if code is not None else None

    def __iter__(self):
        if self.iterator is not None:
            self.exchange.report.say('what was returned is iterated twice', self.place())
        self.iterator = iter(self.iterable)
        return self

    def __next__(self):
        if self.is_closed:
            self.exchange.report.say('what was returned is iterated after close()', self.place())
        try:
            chunk = next(self.iterator)
        except StopIteration:
            self.exchange.end(self.place())
            raise
        self.exchange.check_chunk(chunk, self.place())
        return chunk

    def close_it(self):
        self.is_closed = self.exchange.is_over = True
        self.iterable.close()


class LintedLengthy(LintedIterable):
    def __len__(self):
        return len(self.iterable)


class LintedInput:
    def __init__(self, body, report):
        self.body = body
        self.report = report
        self.ends = 0

    def read(self, *arguments):
        return self.call('read', arguments)

    def readline(self, *arguments):
        return self.call('readline', arguments)

    def readlines(self, *arguments):
        return self.call('readlines', arguments)

    def call(self, name, arguments):
        if len(arguments) > 1 or any(not isinstance(size, int) for size in arguments):
            self.report.here('wsgi.input.%s() takes one number, not %s' % (name, shown(arguments)))
        data = getattr(self.body, name)(*arguments)
        if not data and arguments != (0,):
            self.end()
        return data

    def end(self):
        """To be told of the end is in order, and a framework may ask once more; beyond that it is a loop."""
        self.ends += 1
        if self.ends == MOST_ENDS:
            self.report.here('wsgi.input is read again and again, and has said that it is at its end')

    def __iter__(self):
        return iter(lambda: self.call('readline', ()), b'')

    def close(self):
        self.report.here('wsgi.input.close() is not for an application to call')

    def __getattr__(self, name):
        value = getattr(self.body, name)  # An AttributeError says the rest.
        if not name.startswith('_'):
            self.report.here('wsgi.input.%s is not among what each server has: read, readline, readlines, iteration' % name)
        return value


class LintedErrors:
    def __init__(self, errors, report):
        self.errors = errors
        self.report = report

    def write(self, text):
        if type(text) is not str:
            self.report.here('wsgi.errors.write() takes a str, not %s' % shown(text))
        return self.errors.write(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        self.errors.flush()

    def close(self):
        self.report.here('wsgi.errors.close() is not for an application to call')

    def __getattr__(self, name):
        return getattr(self.errors, name)


def check_environ(environ, report):
    """As the application has left it; the worker itself has made it in order."""
    if type(environ) is not dict:
        return report.say('environ must be a dict, not %s' % type(environ).__name__)
    for name in NEEDED:
        if name not in environ:
            report.say('the application has removed %s from environ' % name)
    for name, value in environ.items():
        if type(name) is not str:
            report.say('a name in environ must be a str, not %s' % shown(name))
        elif '.' not in name and type(value) is not str:
            report.say('the value of %s in environ must be a str, not %s' % (name, shown(value)))
