#!/usr/bin/python3
print("Content-Type: text/plain\n")
wanted = ("Sig", "Shd", "Threads", "Tracer", "NoNewPrivs", "Seccomp", "Groups", "Uid", "Gid", "Umask", "Cap", "State")
for line in open("/proc/self/status"):
    if line.startswith(wanted) and not line.startswith("SigQ"):
        print(line, end="")
