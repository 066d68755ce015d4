#!/usr/bin/python3
# mask: _PID=\d+
import os
print("Content-Type: text/plain\n")
print(os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid(), os.getsid(0) == os.getsid(os.getppid()))
print("_PID=%d" % os.getpid(), os.getpgid(0) == os.getpgid(os.getpid()), os.getpgid(os.getppid()) == os.getpgrp())
