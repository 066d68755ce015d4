"""wsgi.errors."""

from answers import text


def says(write):
    def case(environ, start_response):
        write(environ['wsgi.errors'])
        return text(start_response, 'said')

    return case


def lines(errors):
    errors.writelines(['pep-lines one\n', 'pep-lines two\n'])
    errors.flush()


def flushed(errors):
    errors.write('pep-flushed\n')
    errors.flush()


cases = {
    'write': says(lambda errors: errors.write('pep-write\n')),
    'flush': says(flushed),
    'writelines': says(lines),
    'print': says(lambda errors: print('pep-print', 12, file=errors, flush=True)),
    'wide': says(lambda errors: print('pep-wide \u20ac\xe9', file=errors, flush=True)),
    'unended': says(lambda errors: errors.write('pep-unended')),
}
