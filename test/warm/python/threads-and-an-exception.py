#!/usr/bin/python3
import threading
import time
print("Content-Type: text/plain\n")
threading.Thread(target=lambda: (time.sleep(0.2), print("the thread goes on"))).start()
raise ValueError("in the main thread")
