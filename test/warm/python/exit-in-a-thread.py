#!/usr/bin/python3
import sys
import threading
print("Content-Type: text/plain\n")
thread = threading.Thread(target=lambda: sys.exit(5))
thread.start()
thread.join()
print("still here", threading.active_count())
