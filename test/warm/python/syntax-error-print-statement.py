#!/usr/bin/python3
# ending: any
print "Content-Type: text/plain\n"
