#!/usr/bin/python3
import warnings
warnings.filterwarnings("ignore", category=DeprecationWarning)
import cgi
import cgitb
print("Content-Type: text/plain\n")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import imp
    warnings.warn("caught")
print([(str(entry.message), entry.filename, entry.lineno) for entry in caught])
