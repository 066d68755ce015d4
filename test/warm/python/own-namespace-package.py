#!/usr/bin/python3
# mask: 0x[0-9a-f]+
# with: spacious
import spacious
import spacious.inner
print("Content-Type: text/plain\n")
print(spacious, list(spacious.__path__), spacious.__file__, type(spacious.__loader__), spacious.inner.where)
