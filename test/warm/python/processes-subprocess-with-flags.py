#!/usr/bin/python3 -Es
# env: PYTHONPATH={root}/somewhere
import subprocess
import sys
print("Content-Type: text/plain\n", flush=True)
print(subprocess._args_from_interpreter_flags(), flush=True)
subprocess.run([sys.executable, "-c", "import sys; print(sys.flags, sys.path)"])
