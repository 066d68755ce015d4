#!/usr/bin/python3
import os
import time
print("Content-Type: text/plain\n")
times = os.times()
print(times.user < 1, times.system < 1, times.children_user, times.children_system)
print(time.process_time() < 1, time.thread_time() < 1)
