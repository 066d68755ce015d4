#!/usr/bin/python3
# env: PYTHONIOENCODING=latin-1:replace
# env: PYTHONUNBUFFERED=1
# env: PYTHONDONTWRITEBYTECODE=1
# env: PYTHONWARNINGS=error::DeprecationWarning
# env: PYTHONOPTIMIZE=1
# env: PYTHONHASHSEED=0
# env: PYTHONNOUSERSITE=1
import os
import sys
print("Content-Type: text/plain\n")
print(sys.flags, sys.warnoptions, sys.stdout.encoding, sys.stdout.errors, sys.stdin.encoding, sys.stderr.errors)
print(hash("always the same"), hash(b"bytes"), list({"a", "b", "c", "d"}))
print("K\u00f6ln \u65e5")
print([name for name in os.environ if name.startswith("PYTHON")])
assert False, "not looked at"
