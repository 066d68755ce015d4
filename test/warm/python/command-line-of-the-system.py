#!/usr/bin/python3
# accepted: the kernel shows the command line of the launcher
# mask: \['/usr/bin/python3', '.*', ''\]
print("Content-Type: text/plain\n")
print(open("/proc/self/cmdline").read().split("\0"), open("/proc/self/comm").read())
