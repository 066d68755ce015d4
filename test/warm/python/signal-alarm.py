#!/usr/bin/python3
import signal
import time
print("Content-Type: text/plain\n")


def rang(number, frame):
    raise TimeoutError("rang in %s" % frame.f_code.co_name)


signal.signal(signal.SIGALRM, rang)
signal.setitimer(signal.ITIMER_REAL, 0.05)
time.sleep(10)
