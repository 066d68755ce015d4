"""The environ dictionary (PEP 3333, "environ Variables")."""


def constants(is_threaded, is_multiple, file_wrapper):
    """What is the same in each request."""
    return {
        'wsgi.version': (1, 0),
        'wsgi.multithread': is_threaded,
        'wsgi.multiprocess': is_multiple,
        'wsgi.run_once': False,
        'wsgi.input_terminated': True,
        'wsgi.file_wrapper': file_wrapper,
    }


def environ_of(request, constant, errors):
    """From the content of a `Q` frame. Each byte is one character of latin-1, as PEP 3333 has it ("Unicode Issues")."""
    words = iter(request[1:].decode('latin-1').split('\0'))
    environ = dict(zip(words, words))
    environ.update(constant)
    environ['wsgi.errors'] = errors
    is_secure = environ.get('REQUEST_SCHEME') == 'https' or environ.get('HTTPS', '').lower() in ('on', '1')
    environ['wsgi.url_scheme'] = 'https' if is_secure else 'http'
    return environ
