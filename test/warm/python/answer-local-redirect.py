#!/usr/bin/python3
# ending: any
import os
if "REDIRECT_URL" in os.environ:
    print("Content-Type: text/plain\n")
    print(os.environ["REDIRECT_URL"], os.environ["QUERY_STRING"], os.environ["REDIRECT_QUERY_STRING"])
else:
    print("Location: %s?second\n" % os.environ["SCRIPT_NAME"])
