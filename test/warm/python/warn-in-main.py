#!/usr/bin/python3
# mask: 0x[0-9a-f]+
import warnings
print("Content-Type: text/plain\n")
print(warnings.filters, warnings.showwarning)


def old():
    warnings.warn("old is old", DeprecationWarning, stacklevel=2)


warnings.warn("of the user")
warnings.warn("is to go", DeprecationWarning)
warnings.warn("will go", PendingDeprecationWarning)
warnings.warn("two levels up", stacklevel=2)
warnings.warn("nine levels up", stacklevel=9)
old()
old()
for _ in range(3):
    old()
warnings.warn_explicit("explicitly", UserWarning, "no-file.py", 10)
print({key: value for key, value in __warningregistry__.items() if key != "version"})
