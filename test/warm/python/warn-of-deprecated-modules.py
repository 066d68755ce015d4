#!/usr/bin/python3
print("Content-Type: text/plain\n")
import cgi
import cgitb
import imp
import crypt
import asyncore
import pipes
