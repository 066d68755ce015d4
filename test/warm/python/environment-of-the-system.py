#!/usr/bin/python3
# accepted: the kernel shows the environment of the launcher
# strip: ^[A-Z_a-z]+=.*$
print("Content-Type: text/plain\n")
print(open("/proc/self/environ").read().replace("\0", "\n"))
