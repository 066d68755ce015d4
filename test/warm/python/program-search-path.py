#!/usr/bin/python3
import os
import shutil
print("Content-Type: text/plain\n")
print(os.get_exec_path(), shutil.which("sh"), os.cpu_count() == len(os.sched_getaffinity(0)), os.uname().sysname)
print(os.confstr("CS_PATH"), os.sysconf("SC_OPEN_MAX"), os.pathconf(".", "PC_PATH_MAX"), os.get_terminal_size.__name__)
os.get_terminal_size()
