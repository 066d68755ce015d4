# What the launcher plays to itself (worker.py): a small script as scripts are.
import sys

print('Content-Type: text/plain')
print()
print('%s %d' % ('hello', len(sys.argv)), f'{sys.argv[0]}', sep=' ', end='\n')
