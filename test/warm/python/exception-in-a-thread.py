#!/usr/bin/python3
import threading
print("Content-Type: text/plain\n")


def fail():
    raise ValueError("in a thread")


thread = threading.Thread(target=fail, name="worker")
thread.start()
thread.join()
print("the main thread goes on")
