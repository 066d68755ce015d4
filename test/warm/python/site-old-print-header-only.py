#!/usr/bin/python3
import sys
sys.stdout.write("Content-type: text/html\r\n\r\n")
sys.stdout.write("<html><body>Hello</body></html>")
