#!/usr/bin/python3
# mask: \d+(?=\])
import fcntl
import os
import stat
print("Content-Type: text/plain\n")
print(sorted(os.listdir("/proc/self/fd"), key=int))
for number in range(3):
    facts = os.fstat(number)
    print(number, os.readlink("/proc/self/fd/%d" % number), oct(facts.st_mode), stat.filemode(facts.st_mode), facts.st_uid)
    print(oct(fcntl.fcntl(number, fcntl.F_GETFL)), fcntl.fcntl(number, fcntl.F_GETFD), os.get_inheritable(number), os.get_blocking(number), os.isatty(number))
print(os.open("/dev/null", os.O_RDONLY), os.dup(0), os.pipe())
