#!/usr/bin/python3
import calendar
import datetime
import email.utils
import time
print("Content-Type: text/plain\n")
print(time.tzname, time.timezone, datetime.datetime(2020, 2, 29, 12).strftime("%A %d %B %Y %c %x %X"))
print(datetime.datetime.fromtimestamp(1e9).astimezone().isoformat(), calendar.month(2020, 2), email.utils.formatdate(0))
print(time.strptime("1 Mar 2021", "%d %b %Y"), abs(datetime.datetime.now().timestamp() - time.time()) < 1)
import zoneinfo
print(zoneinfo.TZPATH, datetime.datetime(2020, 7, 1, tzinfo=datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo("UTC")))
