#!/usr/bin/python3
import signal
import subprocess
print("Content-Type: text/plain\n", flush=True)
subprocess.run(["grep", "-E", "^(Sig[BIC]|Shd)", "/proc/self/status"])
subprocess.run(["grep", "-E", "^(Sig[BIC]|Shd)", "/proc/self/status"], restore_signals=False)
