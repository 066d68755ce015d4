#!/usr/bin/python3
# accepted: a hook that the script adds does not hear of the start of the script itself
# strip: ^(exec|compile)$
import sys
print("Content-Type: text/plain\n", flush=True)
seen = []
wanted = {"os.system", "subprocess.Popen", "exec", "compile", "os.fork", "sys.excepthook", "os.chdir"}
sys.addaudithook(lambda event, arguments: event in wanted and print(event, flush=True))
import os
import subprocess
os.system("true")
os.chdir(".")
subprocess.run(["true"])
exec("1")
raise ValueError("for the hook")
