#!/usr/bin/python3
import sys
import zipfile
with zipfile.ZipFile("library.zip", "w") as file:
    file.writestr("packed.py", "import sys\nname = __name__\n\ndef fail():\n    raise ValueError(sys.argv[1:])\n")
sys.path.insert(0, "library.zip")
import packed
print("Content-Type: text/plain\n")
print(packed.__file__, type(packed.__loader__), packed.name)
packed.fail()
