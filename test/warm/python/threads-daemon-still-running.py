#!/usr/bin/python3
import threading
import time


def work():
    while True:
        time.sleep(0.01)


print("Content-Type: text/plain\n")
threading.Thread(target=work, daemon=True).start()
print("the script ends")
