# The launcher of Python scripts; its contract is ../README.md. Python 3.8 and newer, standard library only.
#
# The file's name: its one frame lies under that of each script. `warnings` passes over frames of files that have
# "importlib" and "_bootstrap" in their names, so that a warning with a stacklevel above the script's own frame is
# attributed as in a fresh process. Everything else is read from the files beside this one, by `part`: what is of the
# launcher is in no module that a script could find.

fresh_main = dict(globals())
import sys

if sys.version_info < (3, 8):
    import os

    os.write(63, ('unfit Python%%20%d.%d%%20is%%20older%%20than%%203.8\n' % sys.version_info[:2]).encode())
    os._exit(1)

fresh_modules = list(sys.modules)
import io


def part(name):
    """Runs a file beside this one and returns its names; nothing enters sys.modules or a __pycache__."""
    path = __file__[: __file__.rindex('/') + 1] + name + '.py'
    with io.open(path, 'rb') as file:
        source = file.read()
    names = {'__name__': 'postern_' + name, '__builtins__': __builtins__, 'part': part}
    exec(compile(source, path, 'exec', dont_inherit=True), names)
    return names


# Returns in workers alone, once there is a request.
code, names, finish = part('serve')['serve'](fresh_main, fresh_modules)
failure = None
try:
    exec(code, names)
except BaseException as error:
    failure = error
names = code = None
finish(failure)
