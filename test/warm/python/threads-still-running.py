#!/usr/bin/python3
import atexit
import threading
import time


def work():
    time.sleep(0.2)
    print("the thread ends")


print("Content-Type: text/plain\n")
atexit.register(print, "atexit")
threading.Thread(target=work).start()
print("the script ends")
