# What the launcher plays to itself (worker.py): a script as scripts are, with a little of everything.
import os
import select
import sys

PAGE = """<title>%s</title><p>{name}</p>"""


class Guest(object):
    count = 0

    def __init__(self, name, lines=()):
        self.name = name
        self.lines = list(lines)
        Guest.count += 1

    def __str__(self):
        return self.name.strip().title()

    @property
    def size(self):
        return len(self.lines)


def words(text, *rest, **named):
    for word in text.split('&'):
        key, _, value = word.partition('=')
        yield key.lower(), value.replace('+', ' ')


query = dict(words(os.environ.get('QUERY_STRING', 'a=1&b=2') or 'a=1&b=2&c=%20', 1, two=2))
guests = sorted((Guest(key, [value] * 3) for key, value in query.items()), key=lambda guest: guest.name)
try:
    int(query.get('a', 'x'), 16)
    raise KeyError('missing')
except (KeyError, ValueError) as error:
    problem = repr(error)
else:
    problem = None
numbers = {number: number * 1.5 for number in range(20) if number % 2}
numbers.update(total=sum(numbers.values()) / max(1, len(numbers)))
print('Content-Type: text/plain')
print()
print(PAGE.format(name=guests[0]) % problem, f'{guests[0].size:>4} {sys.argv[0]!r}', sep=' ', end='\n')
print(', '.join('%s=%s' % (guest, guest.lines[0]) for guest in guests), len(set(query) | {'x'}), [1, 2, 3][-1:])
sys.stdout.write('%d %.2f %s\n' % (len(sys.argv), numbers['total'], select.__name__))
if 'nothing' not in query and not None:
    del guests[:], query
