#!/usr/bin/python3
import os
import subprocess
import sys
print("Content-Type: text/plain\n", flush=True)
subprocess.run(["env"], env={"ONLY": "this"})
subprocess.run("echo by a shell; echo to its errors >&2; exit 3", shell=True)
print(subprocess.run(["cat"], input="through pipes", capture_output=True, text=True))
print(subprocess.check_output([sys.executable, "-c", "import sys; print(sys.flags, sys.argv, sys.path)"], text=True))
with subprocess.Popen(["tr", "a-z", "A-Z"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
    print(process.communicate(b"loud"), process.returncode)
print(os.popen("echo by popen").read(), os.system("exit 4"), os.spawnlp(os.P_WAIT, "sh", "sh", "-c", "exit 5"))
subprocess.run(["false"], check=True)
