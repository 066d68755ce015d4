#!/usr/bin/python3
import os
import pathlib
print("Content-Type: text/plain\n")
print(os.getcwd(), os.environ.get("PWD"), os.readlink("/proc/self/cwd"), os.readlink("/proc/self/root"), pathlib.Path.cwd())
mask = os.umask(0o27)
print(oct(mask))
open("made", "w").close()
os.mkdir("folder")
print(oct(os.stat("made").st_mode), oct(os.stat("folder").st_mode), sorted(os.listdir()))
