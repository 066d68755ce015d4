#!/usr/bin/python3
# request: POST /
# header: Content-Type: text/plain
# body: abc
# mask: \d+(?=\])
import fcntl
import os
import stat
print("Content-Type: text/plain\n")
facts = os.fstat(0)
print(stat.S_ISFIFO(facts.st_mode), stat.S_ISREG(facts.st_mode), stat.S_ISSOCK(facts.st_mode), oct(facts.st_mode), facts.st_nlink)
print(os.readlink("/proc/self/fd/0"), oct(fcntl.fcntl(0, fcntl.F_GETFL)), os.get_blocking(0))
