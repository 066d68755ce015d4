"""From `module:name` to the application."""

import importlib
import importlib.util
import inspect
import os
import re
import sys
from importlib.machinery import SourceFileLoader

NAME = re.compile(r'[^\W\d]\w*(\.[^\W\d]\w*)*')
USUAL = ('application', 'app')


class CannotLoad(Exception):
    """Something that the person who started it can mend; its message says how."""


class NotThere(CannotLoad):
    """The module, the file or the name itself."""


def load(text, folder):
    place, _, name = text.partition(':') if '/' not in text else split_path(text)
    is_factory = name.endswith('()')
    name = name[:-2] if is_factory else name
    if not place or (':' in text and NAME.fullmatch(name) is None):
        raise NotThere(
            '%r names no application: write module:name, module:factory() or path/file.py:name' % text
        )
    is_file = '/' in place or place.endswith('.py')
    module = import_file(os.path.join(folder, place)) if is_file else import_module(place, folder)
    if not name:
        name = usual_name(module, place)
    thing = attribute(module, name, place)
    if is_factory:
        if not callable(thing):
            raise CannotLoad('%s:%s is %s, which cannot be called: leave out the ()' % (place, name, a(thing)))
        thing = thing()
    check(thing, place, name, is_factory)
    return thing


def split_path(text):
    folder, _, last = text.rpartition('/')
    file, colon, name = last.partition(':')
    return folder + '/' + file, colon, name


def import_module(name, folder):
    if NAME.fullmatch(name) is None:
        raise NotThere('%r is no name of a module; a file is written with its path: ./%s.py' % (name, name))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as failure:
        # Else it is one that the application imports: the traceback says which, and where.
        if failure.name and (name + '.').startswith(failure.name + '.'):
            raise NotThere(
                'there is no module %r in %s, nor among the installed packages of %s%s'
                % (failure.name, folder, sys.executable, near(failure.name, folder))
            ) from None
        raise


def near(name, folder):
    try:
        files = sorted(file for file in os.listdir(folder) if file.endswith('.py'))
    except OSError:
        files = []
    return '\nfiles there: ' + ', '.join(files[:20]) if files else '\n(there is no Python file in that folder)'


def import_file(path):
    path = os.path.abspath(path)
    if not os.path.isfile(path):
        raise NotThere('there is no file %s' % path)
    folder, file = os.path.split(path)
    name = os.path.splitext(file)[0]
    # A file of a package is imported as such, so that its relative imports work.
    while os.path.isfile(os.path.join(folder, '__init__.py')):
        folder, package = os.path.split(folder)
        name = package if name == '__init__' else package + '.' + name
    if folder not in sys.path:
        sys.path.insert(0, folder)
    if '.' in name and NAME.fullmatch(name):
        return importlib.import_module(name)
    # By its path: there may be another module of that name, such as a file called json.py.
    name = name if name not in sys.modules else name + '_application'
    loader = SourceFileLoader(name, path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, path, loader=loader))
    sys.modules[name] = module
    loader.exec_module(module)
    return module


def usual_name(module, place):
    for name in USUAL:
        if hasattr(module, name):
            return name
    raise NotThere('%s has neither `application` nor `app`: name it, %s:NAME%s' % (place, place, candidates(module)))


def attribute(module, name, place):
    thing = module
    for part in name.split('.'):
        try:
            thing = getattr(thing, part)
        except AttributeError:
            raise NotThere('%s has no %r%s' % (place, name, candidates(module))) from None
    return thing


def candidates(module):
    names = [name for name, thing in vars(module).items() if not name.startswith('_') and callable(thing)]
    own = [name for name in names if getattr(vars(module)[name], '__module__', None) == module.__name__]
    names = (own or names)[:20]
    return '\nwhat could be called there: ' + ', '.join(names) if names else ''


def check(thing, place, name, is_factory):
    made = '%s:%s%s' % (place, name, '()' if is_factory else '')
    if not callable(thing):
        raise CannotLoad('%s is %s, which is no WSGI application: it cannot be called' % (made, a(thing)))
    call = thing if inspect.isroutine(thing) else getattr(type(thing), '__call__', None)
    if inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(thing):
        raise CannotLoad('%s is an ASGI (async) application, and not a WSGI one: wrap it, such as with a2wsgi' % made)
    if not inspect.isfunction(thing):
        return
    try:
        inspect.signature(thing).bind({}, None)
    except TypeError:
        hint = '' if is_factory else '; if it makes the application, write %s:%s()' % (place, name)
        raise CannotLoad('%s does not take the two arguments (environ, start_response)%s' % (made, hint)) from None
    except ValueError:
        pass


def a(thing):
    kind = type(thing).__name__
    return ('an ' if kind[0] in 'aeiouAEIOU' else 'a ') + kind
