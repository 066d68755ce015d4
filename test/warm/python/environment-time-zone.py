#!/usr/bin/python3
# env: TZ=Asia/Tokyo
import datetime
import os
import time
print("Content-Type: text/plain\n")
print(time.tzname, time.timezone, time.daylight, time.strftime("%H:%M %Z", time.localtime(0)))
print(datetime.datetime.fromtimestamp(0), datetime.datetime.fromtimestamp(0).astimezone())
os.environ["TZ"] = "America/New_York"
print(time.tzname, time.localtime(0).tm_hour)
time.tzset()
print(time.tzname, time.localtime(0).tm_hour)
