#!/usr/bin/python3
print("Content-Type: text/plain\n")
problems = []
for text in ("1", "x", ""):
    try:
        int(text)
    except ValueError as error:
        error.add_note("the text was %r" % text)
        problems.append(error)
raise ExceptionGroup("some were no numbers", problems + [ExceptionGroup("inner", [OSError(2, "none", "/name")])])
